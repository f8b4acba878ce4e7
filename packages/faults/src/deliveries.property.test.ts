// A network may deliver what devices sent twice, and in another order. Where devices say when they measured, and what
// they say holds for longer than the network takes, the faults at the end are those of an orderly delivery.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Reading, type Town, createTown, dark, dead, night, powered, second, shining } from '../test/town.ts'

const lamps = ['pju-1', 'pju-2', 'pju-3', 'pju-4', 'pju-5', 'pju-6']
const cabinets = ['pnl-1', 'pnl-2']
const cameras = ['cam-1', 'cam-2']
const everyMs = 20 * second

/** How the town is for a while: at least as long as it takes to raise or clear what such a state means. */
interface Stretch {
  /**
   * Of 20 s: so many that none of the sums is about the ten minutes within which a fault is taken to come of what is
   * found after it, as the network would then decide that.
   */
  reports: number
  cut: readonly string[]
  broken: readonly string[]
  blind: readonly string[]
}

const stretches: fc.Arbitrary<Stretch[]> = fc.array(
  fc.record({
    reports: fc.constantFrom(13, 80),
    cut: fc.subarray(cabinets),
    broken: fc.subarray(lamps),
    blind: fc.subarray(cameras),
  }),
  { minLength: 1, maxLength: 4 },
)

function readingOf(id: string, { cut, broken, blind }: Stretch): Reading | undefined {
  if (cameras.includes(id)) return { fps: blind.includes(id) ? 0 : 25 }
  if (cabinets.includes(id)) return cut.includes(id) ? dead : powered
  // The first three have batteries and tell that there is no voltage, the others fall silent.
  if (cut.includes(cabinetOf(id))) return lamps.indexOf(id) % 2 === 0 ? { ...dark, voltageV: 0 } : undefined
  return broken.includes(id) ? dark : shining
}

function cabinetOf(lamp: string): string {
  return lamps.indexOf(lamp) < 3 ? 'pnl-1' : 'pnl-2'
}

interface Message {
  id: string
  ts: number
  fields: Reading
}

/** Delivers in the order of `at`, in steps of 20 s, each message not before it was sent. */
function live(messages: readonly { message: Message; at: number }[]): Town {
  const town = createTown({ at: night })
  for (const id of cabinets) town.register(id, { intervalS: 30 })
  for (const id of lamps) town.register(id, { cabinet: cabinetOf(id), circuit: 'A', intervalS: 30 })
  for (const id of cameras) town.register(id, { intervalS: 30 })
  const inOrder = messages.toSorted((a, b) => a.at - b.at)
  let beatAt = night
  for (const { message, at } of inOrder) {
    // The broker beats each second, whatever comes in between.
    for (; beatAt + second <= night + at; town.beat('broker')) {
      beatAt += second
      town.skip(beatAt - town.now)
    }
    town.skip(night + at - town.now)
    town.objects(message.id, [{ ts: message.ts, fields: message.fields, faults: [] }])
  }
  return town
}

/** Active faults, each with what explains it. */
function standing(town: Town): string[] {
  const open = [...town.written.faults.values()].map(({ fault }) => fault)
  const nameOf = (id: string | undefined) => {
    const fault = open.find((each) => each.id === id)
    return fault === undefined ? '' : ` under ${fault.deviceId} ${fault.code}`
  }
  return open
    .filter(({ active }) => active)
    .map(({ deviceId, code, parentId }) => `${deviceId} ${code}${nameOf(parentId)}`)
    .toSorted()
}

describe('deliveries', () => {
  it('that are repeated and out of order end with the same faults and the same causes', () => {
    const onTime = { slots: 0, again: false }
    const delays = fc.array(fc.record({ slots: fc.nat(3), again: fc.boolean() }), { minLength: 1, maxLength: 37 })
    fc.assert(
      fc.property(stretches, delays, (town, delays) => {
        const orderly: { message: Message; at: number }[] = []
        const mixed: { message: Message; at: number }[] = []
        let slot = 0
        // At the end the network is well again, for the time that all of this takes to be judged.
        const calm = town.slice(-1).map((stretch) => ({ ...stretch, reports: 9 }))
        for (const stretch of [...town, ...calm]) {
          for (let n = 0; n < stretch.reports; n++) {
            slot++
            for (const [index, id] of [...lamps, ...cabinets, ...cameras].entries()) {
              const fields = readingOf(id, stretch)
              if (fields === undefined) continue
              const sentAt = slot * everyMs + index * second
              const message = { id, ts: night + sentAt, fields }
              orderly.push({ message, at: sentAt })
              const { slots, again } = calm.includes(stretch)
                ? onTime
                : (delays[mixed.length % delays.length] ?? onTime)
              // Within three intervals of 30 s, one beside another by half a second.
              mixed.push({ message, at: sentAt + slots * everyMs + 500 * slots })
              if (again) mixed.push({ message, at: sentAt + 3 * everyMs + 2_000 })
            }
          }
        }
        expect(standing(live(mixed))).toEqual(standing(live(orderly)))
      }),
      { numRuns: 30 },
    )
  })
})
