// Spans of time as people write them, on command lines and in scenario files.

const unitMs = { ms: 1, s: 1_000, min: 60_000, h: 3_600_000 } as const
const pattern = /^(\d+(?:\.\d+)?) ?(ms|s|min|h)$/

/** What to say to whoever wrote another. */
export const durationAdvice = 'write 90 s, 20 min or 1.5 h'

/** `90 s`, `20min`, `1.5 h`, in ms; undefined for anything else. */
export function readDuration(text: string): number | undefined {
  const [, amount, unit] = pattern.exec(text) ?? []
  // The pattern admits the keys only.
  return amount === undefined ? undefined : Number(amount) * unitMs[unit as keyof typeof unitMs]
}
