// What the firmware of a device may do that is no fault of it, and that a system has to live with: for as long as it
// is made to. The same device does it in the same way, whenever it is asked.
import type { Message } from './outbox.ts'
import { createRandom, keyOf, subkey, uniform } from './random.ts'

/**
 * `burst`: what has waited goes out each reading on its own, all at once, in any order, some of it twice.
 * `missing-fields`: about half of what it measures is not in its reports.
 */
export const quirks = ['burst', 'missing-fields'] as const
export type Quirk = (typeof quirks)[number]

export const noQuirks: ReadonlySet<Quirk> = new Set()

const use = { burst: 160, fields: 161 } as const
/** Of what a burst sends. */
const repeatedShare = 0.3

/** The same messages, as a burst has them. */
export function burstOf(messages: readonly Message[], key: number): Message[] {
  const random = createRandom(subkey(key, use.burst), `burst of ${messages.length}`)
  const repeated = messages.filter(() => random.next() < repeatedShare)
  return [...messages, ...repeated]
    .map((message) => ({ message, at: random.next() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ message }) => message)
}

/** Without the fields that the device forgets, always the same; what it says of its own faults stays. */
export function withMissingFields(measured: object, key: number): object {
  const fieldsKey = subkey(key, use.fields)
  const isThere = (name: string) => name === 'faults' || uniform(keyOf(fieldsKey, name)) < 0.5
  return Object.fromEntries(Object.entries(measured).filter(([name]) => isThere(name)))
}
