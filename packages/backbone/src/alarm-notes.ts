// The stream `alarms` by time: the detector appends to it in log order, with the events it is about, so a time has a
// place in it.
import type { AlarmNote } from '@ronda/contracts/alarm-metrics'
import type { Backbone, Entry } from './backbone.ts'
import { decodeJson } from './record-codec.ts'

const batch = { records: 1_000, bytes: 256 * 1024 }

export interface AlarmNotes {
  /** Notes after a time (ms UTC of the log), oldest first, in batches; ends with the newest. */
  after(time: number): AsyncIterable<AlarmNote[]>
  /** The same, and then what comes, until the signal aborts. */
  follow(time: number, signal: AbortSignal): AsyncIterable<AlarmNote[]>
}

export function openAlarmNotes(backbone: Backbone): AlarmNotes {
  const stream = backbone.stream('alarms')

  /** A position that nothing later than `time` is before. */
  async function positionAt(time: number): Promise<number> {
    let [before, beyond] = [0, (await stream.head()).position]
    while (before < beyond) {
      const middle = Math.floor((before + beyond) / 2)
      const [entry] = await stream.read(middle, { records: 1, bytes: 1 })
      if (entry !== undefined && noteOf(entry).at <= time) before = entry.position
      else beyond = middle
    }
    return before
  }

  return {
    async *after(time) {
      let position = await positionAt(time)
      for (;;) {
        const entries = await stream.read(position, batch)
        const last = entries.at(-1)
        if (last === undefined) return
        position = last.position
        yield entries.map(noteOf)
      }
    },
    async *follow(time, signal) {
      for await (const entries of stream.follow(await positionAt(time), batch, signal)) yield entries.map(noteOf)
    },
  }
}

/** The stream's only writer is the detector. */
function noteOf({ record }: Entry): AlarmNote {
  return decodeJson(record) as AlarmNote
}
