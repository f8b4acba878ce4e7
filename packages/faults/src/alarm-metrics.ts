// The alarm figures of a period, computed from what was noted of it and from the faults that are open: the same input
// gives the same figures, live, over HTTP and in a report. docs/alarm-metrics.md defines each of them.
import { floodWindowMs } from '@ronda/contracts/alarm-flood'
import {
  type AlarmMetrics,
  type AlarmNote,
  type Judged,
  alarmTargets,
  chattersFrom,
  priorities,
  priorityOf,
  staleAfterMs,
} from '@ronda/contracts/alarm-metrics'
import {
  type Fault,
  type FaultFilter,
  type FilterAttributes,
  type Severity,
  matchesFilter,
} from '@ronda/contracts/fault'
import { floodsOf, peakOf } from './alarm-floods.ts'
import {
  type Answers,
  type Tally,
  addNote,
  durationOf,
  newTally,
  rowsOf,
  severitiesOf,
  tallyOf,
} from './alarm-tally.ts'
import { createTimeline } from './alarm-timeline.ts'

const hourMs = 3_600_000
/** What was noted this long before a period decides whether it begins within a flood. */
export const leadInMs = hourMs
const mostFrequent = 10

/** What of an open fault is counted. */
export type OpenFault = FilterAttributes &
  Pick<Fault, 'active' | 'announcedAt' | 'shelvedUntil' | 'overdue' | 'occurrences'>

export interface AlarmPeriod {
  filter: FaultFilter
  /** ms UTC of the log: after `from`, up to and including `to`. */
  from: number
  to: number
  /** ms UTC of the log, as of which the open faults are given. */
  now: number
}

export interface AlarmCount {
  /** Oldest first, from `leadInMs` before the period on; what is outside of that is passed over. */
  note(note: AlarmNote): void
  /** Each fault that is open now. */
  open(fault: OpenFault): void
  figures(): AlarmMetrics
}

/** All at once. */
export function alarmMetrics(period: AlarmPeriod, notes: Iterable<AlarmNote>, open: Iterable<OpenFault>): AlarmMetrics {
  const count = countAlarms(period)
  for (const note of notes) count.note(note)
  for (const fault of open) count.open(fault)
  return count.figures()
}

export function countAlarms({ filter, from, to, now }: AlarmPeriod): AlarmCount {
  const times: number[] = []
  const split = { high: 0, medium: 0, low: 0 }
  const devices = new Map<string, number>()
  const rules = new Map<string, number>()
  const all = newTally()
  const districts = new Map<string, Tally>()
  const agencies = new Map<string | null, Tally>()
  const kinds = new Map<AlarmNote['kind'], Tally>()
  const answers = new Map<string | null, Map<Severity, Answers>>()
  const timeline = createTimeline(from, to)
  const present = { faults: 0, stale: 0, shelved: 0, chattering: 0 }
  const talliesOf = ({ district, agency, kind }: Pick<AlarmNote, 'district' | 'agency' | 'kind'>) => [
    all,
    tallyOf(districts, district),
    tallyOf(agencies, agency ?? null),
    tallyOf(kinds, kind),
  ]

  return {
    note(note) {
      if (note.at > to || note.at <= from - leadInMs || !matchesFilter(filter, note)) return
      if (note.name === 'announced') times.push(note.at)
      if (note.at <= from) return
      for (const tally of talliesOf(note)) addNote(tally, note)
      if (note.name !== 'announced') {
        const ofAgency = getOrMake(answers, note.agency ?? null, () => new Map<Severity, Answers>())
        getOrMake(ofAgency, note.severity, () => ({ acknowledged: [], repaired: [] }))[note.name].push(
          note.afterMs ?? 0,
        )
        return
      }
      timeline.add(note.at)
      split[priorityOf[note.severity]]++
      addOne(devices, note.deviceId)
      addOne(rules, note.code)
    },

    open(fault) {
      if (!matchesFilter(filter, fault)) return
      const { active, announcedAt, shelvedUntil, occurrences } = fault
      present.faults++
      if (occurrences >= chattersFrom) present.chattering++
      if (shelvedUntil !== undefined) present.shelved++
      const isStanding = active && announcedAt !== undefined && shelvedUntil === undefined
      if (isStanding && now - announcedAt > staleAfterMs) present.stale++
      for (const tally of talliesOf(fault)) {
        if (isStanding) tally.standing++
        if (fault.overdue) tally.overdue++
      }
    },

    figures() {
      const { announced } = all
      const ofAll = (number: number) => (announced === 0 ? 0 : number / announced)
      // A shorter period would only be extrapolated.
      const hours = Math.max(to - from, hourMs) / hourMs
      const topDevices = mostOf(devices)
      const topRules = mostOf(rules)
      const { high, low } = alarmTargets.prioritySplit
      return {
        from,
        to,
        announced,
        perHour: judge(announced / hours, { atMost: alarmTargets.perHour }),
        perTenMinutes: {
          mean: announced / (hours * (hourMs / floodWindowMs)),
          peak: peakOf(times, from),
          latest: times.length - times.findLastIndex((at) => at <= to - floodWindowMs) - 1,
        },
        timeline: timeline.figures(),
        floods: floodFigures(times, from, to),
        topDevices: {
          share: judge(
            ofAll(sumOf(topDevices)),
            { atMost: alarmTargets.topTenShare },
            announced * alarmTargets.topTenShare >= mostFrequent,
          ),
          devices: topDevices.map(([deviceId, number]) => ({ deviceId, announced: number, share: ofAll(number) })),
        },
        topRules: {
          share: ofAll(sumOf(topRules)),
          rules: topRules.map(([code, number]) => ({ code, announced: number, share: ofAll(number) })),
        },
        priorities: {
          split: priorities.map((priority) => ({
            priority,
            announced: split[priority],
            share: ofAll(split[priority]),
            target: alarmTargets.prioritySplit[priority],
          })),
          // One of few would be too many.
          met: announced * high < 1 ? null : ofAll(split.high) <= high && ofAll(split.low) >= low,
        },
        toAcknowledge: durationOf(all.acknowledged),
        toRepair: durationOf(all.repaired),
        open: {
          faults: present.faults,
          standing: all.standing,
          stale: judge(present.stale, { below: alarmTargets.stale }),
          chattering: judge(present.chattering, { atMost: alarmTargets.chattering }),
          shelved: present.shelved,
          overdue: all.overdue,
        },
        districts: rowsOf(districts).map(([district, row]) => ({ district, ...row })),
        agencies: rowsOf(agencies).map(([agency, row]) => ({
          agency,
          ...row,
          severities: severitiesOf(answers.get(agency) ?? new Map()),
        })),
        kinds: rowsOf(kinds).map(([kind, row]) => ({ kind, ...row })),
      }
    },
  }
}

function floodFigures(times: readonly number[], from: number, to: number): AlarmMetrics['floods'] {
  const floods = floodsOf(times, to).filter((flood) => (flood.to ?? to) > from)
  const durations = floods.map((flood) => (flood.to ?? to) - Math.max(flood.from, from))
  const total = durations.reduce((sum, each) => sum + each, 0)
  return {
    count: floods.length,
    share: judge(to > from ? total / (to - from) : 0, { below: alarmTargets.floodShare }),
    longestMs: Math.max(0, ...durations),
    since: floods.find((flood) => flood.to === undefined)?.from ?? null,
  }
}

function getOrMake<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key)
  if (known !== undefined) return known
  const made = make()
  map.set(key, made)
  return made
}

function addOne(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

/** The same order whatever was counted first. */
function mostOf(counts: Map<string, number>): [key: string, count: number][] {
  return [...counts].toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).slice(0, mostFrequent)
}

function judge(value: number, target: { atMost: number } | { below: number }, isEnough = true): Judged {
  const met = 'atMost' in target ? value <= target.atMost : value < target.below
  return { value, ...target, met: isEnough ? met : null }
}

function sumOf(most: readonly [key: string, count: number][]): number {
  return most.reduce((sum, [, number]) => sum + number, 0)
}
