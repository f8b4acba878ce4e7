// What has to be remembered of a lamp from one reading to the next: how its column stood first, and how often it went
// on or off of late. A lamp that does as it is told has no switchings and is never dark: nothing is allocated for it.
import { type ReportedFields, asNumber } from './rules/rule.ts'

/** ms for which a switching is remembered, and how many are. */
const switchingsKeptMs = 3_600_000
export const mostSwitchings = 16

export interface LampMemory {
  /** Degrees at its first live reading since it was registered or replaced; undefined: none yet. */
  firstTiltDeg: number | undefined
  /** Of its own counter; undefined: it has none. */
  switchCount: number | undefined
  /** It did not burn though it was to, when it last told. */
  isDark: boolean
  /** Log times at which it went on or off, oldest first, none older than is remembered. Replaced, never changed. */
  switchedAt: readonly number[]
}

/** One for all lamps that do as they are told. */
const never: readonly number[] = []

export function newLampMemory(): LampMemory {
  return { firstTiltDeg: undefined, switchCount: undefined, isDark: false, switchedAt: never }
}

/** What of a lamp there is to remember it by. */
interface Lamp extends LampMemory {
  readonly nominalPowerW: number | undefined
}

/** Takes in a live reading; `at`: log time. */
export function rememberLamp(memory: Lamp, fields: ReportedFields, at: number): void {
  if (memory.firstTiltDeg === undefined) memory.firstTiltDeg = asNumber(fields.tiltDeg)
  const oldest = memory.switchedAt[0]
  if (oldest !== undefined && oldest < at - switchingsKeptMs) {
    const young = memory.switchedAt.filter((each) => each >= at - switchingsKeptMs)
    memory.switchedAt = young.length === 0 ? never : young
  }
  const count = asNumber(fields.switchCount)
  const switched = count === undefined ? readPower(memory, fields) : readCount(memory, count)
  // Somebody at the switch is no fault, nor is supply that comes and goes.
  if (switched === 0 || fields.override === true || fields.voltageV === 0) return
  const added = Array.from({ length: Math.min(switched, mostSwitchings) }, () => at)
  memory.switchedAt = [...memory.switchedAt, ...added].slice(-mostSwitchings)
}

/** Switchings since the last count; a smaller one is another counter's. */
function readCount(memory: LampMemory, count: number): number {
  const before = memory.switchCount
  if (count === before) return 0
  memory.switchCount = count
  return before === undefined ? 0 : Math.max(0, Math.floor(count - before))
}

/** Below this share of what it should draw a lamp is dark. */
const darkBelow = 0.2

/** 1 when a lamp that is to burn went out or came back. One that is told to be dark is not dark by itself. */
function readPower(memory: Lamp, { powerW, dimPct }: ReportedFields): number {
  const { nominalPowerW } = memory
  if (typeof powerW !== 'number' || typeof dimPct !== 'number' || nominalPowerW === undefined) return 0
  if (dimPct === 0) {
    memory.isDark = false
    return 0
  }
  const isDark = powerW < (darkBelow * nominalPowerW * dimPct) / 100
  if (isDark === memory.isDark) return 0
  memory.isDark = isDark
  return 1
}

/** Degrees, 0 to 180, between how the column stood first and how it stands; undefined when one is not known. */
export function leaning({ firstTiltDeg }: LampMemory, tiltDeg: number | undefined): number | undefined {
  if (firstTiltDeg === undefined || tiltDeg === undefined) return undefined
  const apart = Math.abs(tiltDeg - firstTiltDeg)
  return apart > 180 ? 360 - apart : apart
}
