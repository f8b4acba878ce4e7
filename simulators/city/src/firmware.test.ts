import { describe, expect, it } from 'vitest'
import { burstOf, withMissingFields } from './firmware.ts'

const messages = Array.from(
  { length: 40 },
  (_, n) => ({ channel: 'telemetry', payload: `{"seq":${n}}`, readings: 1 }) as const,
)
const payloads = (key: number) => burstOf(messages, key).map(({ payload }) => payload)

describe('a burst', () => {
  it('has every message, some twice, in another order', () => {
    const sent = payloads(7)
    const all = messages.map(({ payload }) => payload)
    expect(new Set(sent)).toEqual(new Set(all))
    expect(sent.length).toBeGreaterThan(45)
    expect(sent.length).toBeLessThan(60)
    expect(sent.slice(0, 5)).not.toEqual(all.slice(0, 5))
  })

  it('of a device is always the same, of another it is another', () => {
    expect(payloads(7)).toEqual(payloads(7))
    expect(payloads(8)).not.toEqual(payloads(7))
  })
})

describe('a device that forgets fields', () => {
  const measured = Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`field${n}`, n]))
  const told = (key: number) => Object.keys(withMissingFields({ ...measured, faults: ['E1'] }, key))

  it('tells about half of them, always the same ones', () => {
    expect(told(7).length).toBeGreaterThan(10)
    expect(told(7).length).toBeLessThan(30)
    expect(told(7)).toEqual(told(7))
    expect(told(8)).not.toEqual(told(7))
  })

  it('still says what is wrong with it', () => {
    for (let key = 0; key < 20; key++) expect(told(key)).toContain('faults')
  })
})
