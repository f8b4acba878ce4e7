// Moves what a payload says of time from the days of the recording to now, so that it is taken as fresh. All times are
// moved by one rule, so what came before another still does, and what was late is late.

export interface TimeShiftOptions {
  /** Of the recording, ms UTC. */
  startedAt: number
  spanMs: number
  speed: number
  /** When it begins to be played, ms UTC. */
  now: number
}

/** ms UTC of 1973 and 5138: what lies beyond is seconds or microseconds, and left for the receiver to refuse. */
const plausible = { from: 1e11, to: 1e14 }

/** A payload that is not JSON, or says nothing of time, comes back as it is. */
export function createTimeShift({ startedAt, spanMs, speed, now }: TimeShiftOptions): (payload: string) => string {
  // Played at once, all of it has been measured already.
  const moved = Number.isFinite(speed)
    ? (time: number) => Math.round(now + (time - startedAt) / speed)
    : (time: number) => Math.round(now + time - (startedAt + spanMs))

  function shifted(value: unknown): unknown {
    if (typeof value === 'number' && value > plausible.from && value < plausible.to) return moved(value)
    if (typeof value !== 'string') return value
    const time = Date.parse(value)
    return Number.isNaN(time) ? value : new Date(moved(time)).toISOString()
  }

  function shiftObject(value: unknown): unknown {
    if (typeof value !== 'object' || value === null) return value
    const entries = Object.entries(value).map(([name, each]): [string, unknown] => {
      if (name === 'ts') return [name, shifted(each)]
      if (name === 'sentAt') return [name, Number.isFinite(speed) ? shifted(each) : Date.now()]
      return [name, each]
    })
    return Object.fromEntries(entries)
  }

  return (payload) => {
    const content = jsonOf(payload)
    if (typeof content !== 'object' || content === null) return payload
    return JSON.stringify(Array.isArray(content) ? content.map(shiftObject) : shiftObject(content))
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
