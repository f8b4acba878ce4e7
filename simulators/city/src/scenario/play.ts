// A timeline on the stage: what is to happen happens at its stamped time, late rather than never, and what was done to
// the services is noted with the times at which it was really done. Operators act through the stage too.
import type { Clock } from '@ronda/runtime/clock'
import type { SimulatedCity } from '../city.ts'
import { isPlaceKind } from '../fault-facts.ts'
import { createScheduler } from '../scheduler.ts'
import type { Happening } from './timeline.ts'

/** The services and their operators, as far as a scenario lays hands on them. */
export interface Stage {
  stop(service: string): Promise<void>
  /** Resolves when it runs again. */
  start(service: string): Promise<void>
  /** `kill -9`; it is started again by itself. */
  kill(service: string): Promise<void>
  /** Shelves so many of the open faults of a code, the newest, for so many ms of stamped time. */
  shelve(code: string, count: number, forMs: number): Promise<void>
}

/** A time, stamped ms UTC, for which a service was down; at least as long as it really was. */
export interface Downtime {
  readonly service: string
  readonly from: number
  readonly until: number
}

export interface PlayDeps {
  city: Pick<SimulatedCity, 'device' | 'place'>
  stage: Stage
  clock: Clock
  signal: AbortSignal
}

/** Resolves at the stamped time `endsAt`, or soon after the signal aborts; rejects when the stage fails. */
export async function play(
  timeline: readonly Happening[],
  endsAt: number,
  { city, stage, clock, signal }: PlayDeps,
): Promise<Downtime[]> {
  const scheduler = createScheduler(clock)
  const downtimes: Downtime[] = []
  const { promise: ended, resolve: end, reject: fail } = Promise.withResolvers<void>()
  /** What is done to the services, one after the other. */
  let work = Promise.resolve()
  const inTurn = (task: () => Promise<void>) => {
    work = work.then(task)
    work.catch(fail)
  }
  const down = (service: string, from: number) => downtimes.push({ service, from, until: clock.now() })

  for (const each of timeline) {
    scheduler.at(each.from, () => {
      switch (each.type) {
        case 'fault': {
          const { subject, deviceId } = each
          const struck = isPlaceKind(subject) ? city.place(subject, deviceId) : city.device(deviceId)
          struck.injectFault(each.kind, each.how)
          scheduler.at(each.until, () => struck.recover(each.kind))
          break
        }
        case 'reboot':
          city.device(each.deviceId).reboot()
          break
        case 'quirk': {
          const device = city.device(each.deviceId)
          device.setQuirk(each.quirk, true)
          scheduler.at(each.until, () => device.setQuirk(each.quirk, false))
          break
        }
        case 'stop': {
          const from = clock.now()
          inTurn(() => stage.stop(each.service))
          scheduler.at(each.until, () =>
            inTurn(async () => {
              await stage.start(each.service)
              down(each.service, from)
            }),
          )
          break
        }
        case 'kill':
          inTurn(async () => {
            const from = clock.now()
            await stage.kill(each.service)
            down(each.service, from)
          })
          break
        case 'shelve':
          inTurn(() => stage.shelve(each.code, each.count, each.forMs))
      }
    })
  }
  const stop = () => end()
  scheduler.at(endsAt, stop)
  signal.addEventListener('abort', stop, { once: true })
  try {
    await ended
    await work
  } finally {
    signal.removeEventListener('abort', stop)
    scheduler.stop()
  }
  return downtimes
}
