/** A value of the registry as it stands in a file. */
export function sayValue(value: unknown, none: string): string {
  if (value === undefined || value === null || value === '') return none
  if (typeof value === 'string') return value
  return Array.isArray(value) ? value.join('; ') : JSON.stringify(value)
}
