// The stream `alarms` by time: the detector appends to it in log order, with the events it is about, so a time has a
// place in it.
import type { AlarmNote } from '@ronda/contracts/alarm-metrics'
import type { Backbone, Entry } from './backbone.ts'
import { decodeJson } from './record-codec.ts'

const batch = { records: 1_000, bytes: 256 * 1024 }

export interface AlarmNoteBatch {
  /** Oldest first. */
  notes: AlarmNote[]
  /** Of the last one. */
  position: number
}

export interface AlarmNotes {
  /** The position behind which all is later than a time (ms UTC of the log). */
  positionAt(time: number): Promise<number>
  /** From there up to the newest. */
  after(position: number): AsyncIterable<AlarmNoteBatch>
  /** The same, and then what comes, until the signal aborts. */
  follow(position: number, signal: AbortSignal): AsyncIterable<AlarmNoteBatch>
}

export function openAlarmNotes(backbone: Backbone): AlarmNotes {
  const stream = backbone.stream('alarms')
  return {
    async positionAt(time) {
      let [before, beyond] = [0, (await stream.head()).position]
      while (before < beyond) {
        const middle = Math.floor((before + beyond) / 2)
        const [entry] = await stream.read(middle, { records: 1, bytes: 1 })
        if (entry !== undefined && noteOf(entry).at <= time) before = entry.position
        else beyond = middle
      }
      return before
    },
    async *after(position) {
      for (let last = position; ; ) {
        const found = toBatch(await stream.read(last, batch))
        if (found === undefined) return
        yield found
        last = found.position
      }
    },
    async *follow(position, signal) {
      for await (const entries of stream.follow(position, batch, signal)) {
        const found = toBatch(entries)
        if (found !== undefined) yield found
      }
    },
  }
}

function toBatch(entries: readonly Entry[]): AlarmNoteBatch | undefined {
  const last = entries.at(-1)
  return last === undefined ? undefined : { notes: entries.map(noteOf), position: last.position }
}

/** The stream's only writer is the detector. */
function noteOf({ record }: Entry): AlarmNote {
  return decodeJson(record) as AlarmNote
}
