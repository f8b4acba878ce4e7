// What sentences are put together with.

export const plural = (n: number, one: string, many: string): string => `${n} ${n === 1 ? one : many}`

export const sentence = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1)
