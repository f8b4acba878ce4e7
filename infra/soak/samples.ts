// A few of many, for a line that a person reads.

const most = 5

export function samples(items: readonly string[]): string {
  return items.length > most ? `${items.slice(0, most).join(', ')} …` : items.join(', ')
}
