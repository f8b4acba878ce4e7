// What a new password has to be, in numbers and words. Without zod, because the page has it too, and says it in the
// language of whoever chooses one.

export const leastPasswordCharacters = 12
export const mostPasswordCharacters = 128

/** What may be wrong with one: the problems of `password_refused`. */
export const passwordProblems = {
  short: `it has fewer than ${leastPasswordCharacters} characters`,
  long: `it has more than ${mostPasswordCharacters} characters`,
  name: 'it contains the name',
  common: 'it is among those that are tried first',
} as const
export type PasswordProblem = keyof typeof passwordProblems
