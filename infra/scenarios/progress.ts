// How a performance is going, twice a second, for whoever watches: how much of it is over, what the broker has
// acknowledged, and which of the faults that were to be seen by now have been.
import type { SimulatedCity } from '@ronda/city/city'
import type { Injection } from '@ronda/city/fault-book'
import type { World } from '@ronda/city/physics/world'
import type { Happening } from '@ronda/city/scenario/timeline'
import type { Unit } from '@ronda/city/unit'
import type { CityProfile } from '@ronda/contracts/city'
import { Phase } from '@ronda/contracts/device'
import type { Fault } from '@ronda/contracts/fault'
import { createRulebook } from '@ronda/faults/rules/rulebook'
import type { Clock } from '@ronda/runtime/clock'
import { type Expectation, expect } from './expectations.ts'
import { createWords } from './words.ts'

export interface Progress {
  /** Of the timeline that is over, 0–1. */
  share: number
  /** Messages so far, and in a second of ours. */
  acknowledged: number
  perSecond: number
  /** Readings that wait in the devices. */
  waiting: number
  injected: number
  seen: number
  missed: number
}

export interface ProgressDeps {
  city: Pick<SimulatedCity, 'stats' | 'truth'>
  clock: Clock
  /** Of the timeline; stamped, ms UTC. */
  beginsAt: number
  endsAt: number
  /** What is expected of the timeline as it is planned. */
  planned: readonly Expectation[]
  onProgress: (progress: Progress) => void
}

/** Forms that are drawn when it happens are taken to be the middle one. */
export function expectAsPlanned(
  timeline: readonly Happening[],
  { profile, units, world, slackMs, endsAt }: PlanDeps,
): Expectation[] {
  const truth = timeline.flatMap((each): Injection[] => {
    if (each.type !== 'fault') return []
    const { deviceId, subject, kind, from: since, until, how } = each
    return [{ deviceId, subject, kind, since, until, phases: Phase.options, degree: 0.5, ...how }]
  })
  const downtimes = timeline.flatMap((each) => (each.type === 'stop' ? [each] : []))
  const words = createWords({ world, centre: profile.centre, truth, endsAt })
  const rulebook = createRulebook(profile.rules)
  return expect({ rulebook, units, truth, words, downtimes, slackMs, endsAt }).faults
}

interface PlanDeps {
  profile: CityProfile
  units: readonly Unit[]
  world: World
  slackMs: number
  endsAt: number
}

export interface ProgressWatch {
  /** The control room was told of a fault. */
  hear(fault: Fault): void
  stop(): void
}

const everyMs = 500

export function watchProgress({ city, clock, beginsAt, endsAt, planned, onProgress }: ProgressDeps): ProgressWatch {
  const unseen = new Set(planned.filter(({ is }) => is !== 'none'))
  const seenOf = unseen.size
  let before = { at: performance.now(), acknowledged: city.stats().acknowledgedMessages }

  const timer = setInterval(() => {
    const now = clock.now()
    const at = performance.now()
    const { acknowledgedMessages: acknowledged, backlog: waiting } = city.stats()
    const perSecond = ((acknowledged - before.acknowledged) * 1_000) / (at - before.at)
    before = { at, acknowledged }
    onProgress({
      share: Math.min(1, (now - beginsAt) / (endsAt - beginsAt)),
      acknowledged,
      perSecond,
      waiting,
      injected: city.truth.length,
      seen: seenOf - unseen.size,
      missed: [...unseen].filter(({ is, raiseBy }) => is === 'must' && raiseBy < now).length,
    })
  }, everyMs)

  return {
    hear({ deviceId, code, raisedAt, active }) {
      if (!active) return
      const found = [...unseen].find(
        (each) => each.deviceId === deviceId && each.code === code && each.from <= raisedAt,
      )
      if (found !== undefined) unseen.delete(found)
    },
    stop: () => clearInterval(timer),
  }
}

/** For one line of a terminal. */
export function textOfProgress({ share, acknowledged, perSecond, waiting, injected, seen, missed }: Progress): string {
  const count = (n: number) => Math.round(n).toLocaleString('en')
  const messages = `${count(acknowledged)} messages acknowledged (${count(perSecond)}/s), ${count(waiting)} readings wait`
  return `${String(Math.floor(100 * share)).padStart(3)} %  ${messages}  faults: ${injected} put in, ${seen} seen, ${missed} missed`
}
