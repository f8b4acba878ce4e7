// A small life of one device for a rule, lived by the real engine: what it measures, since when the condition was
// seen, when the fault was raised and cleared. Times are minutes since the start.
import type { Device } from '@ronda/contracts/device'
import type { FieldValue } from '@ronda/contracts/fields'
import type { Rule } from '../../src/rules/rule.ts'
import { type Reading, type Town, createTown, minute, night, second } from '../town.ts'

/** For so many minutes: this reading, with these codes, by a clock that is so many ms behind; or nothing at all. */
export type Scene = readonly [minutes: number, reading: Reading | 'silence', more?: SceneOptions]

interface SceneOptions {
  flags?: readonly string[]
  behindMs?: number
}

export interface Example {
  id: string
  at?: number
  device?: Partial<Device>
  /** Others that report, and are silent, together with it. */
  others?: { ids: readonly string[]; device: Partial<Device>; reading: Reading }
  /** Minutes between two reports. */
  every?: number
  /** What of a report is drawn: numbers as a line, true and false as dots. */
  shows: {
    label: string
    unit: string
    of: (reading: Reading, more: Required<SceneOptions>) => FieldValue | undefined
  }
  /** Limits that are drawn, and what they are multiplied by to be in the unit of what is drawn. */
  limits?: Readonly<Record<string, number>>
  scenes: readonly Scene[]
}

interface Span {
  from: number
  to: number
}

export interface Lived {
  minutes: number
  /** One for each report. */
  samples: { at: number; value: FieldValue | undefined }[]
  /** While a condition, or its end, is seen and does not count yet. */
  delays: (Span & { towards: 'raise' | 'clear' })[]
  active: (Span & { severity: string })[]
  message: string
}

export function live(rule: Rule, { id, at = night, device = {}, others, every = 1, shows, scenes }: Example): Lived {
  const town = createTown({ at })
  town.register(id, { intervalS: 60 * every, ...device })
  for (const other of others?.ids ?? []) town.register(other, { intervalS: 60 * every, ...others?.device })
  const since = (time: number) => (time - at) / minute
  const samples: Lived['samples'] = []
  const delays: Lived['delays'] = []

  function noteDelay(): void {
    const begun = delayOf(town, id, rule.code)
    if (begun === undefined) return
    const towards = town.isActive(id, rule.code) ? 'clear' : 'raise'
    const last = delays.at(-1)
    if (last?.from === since(begun) && last.towards === towards) last.to = since(town.now)
    else delays.push({ from: since(begun), to: since(town.now), towards })
  }

  for (const [minutes, reading, { flags = [], behindMs = 0 } = {}] of scenes) {
    for (let passed = 0; passed < minutes; passed += every) {
      // Of a long time only the last seconds are lived second by second.
      if (every > 1) town.skip(every * minute - 10 * second)
      town.pass(every > 1 ? 10 * second : minute)
      noteDelay()
      if (reading === 'silence') continue
      for (const other of others?.ids ?? []) town.report(other, others?.reading ?? {})
      const ts = town.now - behindMs
      town.objects(id, [{ ts, sentAt: ts, fields: reading, faults: flags }])
      samples.push({ at: since(town.now), value: shows.of(reading, { flags, behindMs }) })
      noteDelay()
    }
  }
  const active = activeOf(town, id, rule.code, since)
  // A delay ends with what it leads to.
  for (const delay of delays) {
    const ends = active.map(({ from, to }) => (delay.towards === 'raise' ? from : to))
    delay.to = ends.find((time) => time >= delay.from && time <= delay.to + every) ?? delay.to
  }
  const raised = town.events.find(({ event, fault }) => event === 'raised' && fault.code === rule.code)
  return { minutes: since(town.now), samples, delays, active, message: raised?.fault.message.en ?? '' }
}

/** Since when the engine has been counting towards a raise or a clear. */
function delayOf(town: Town, id: string, code: string): number | undefined {
  // As the engine writes it: the last part of a device's row has what most of them do not have.
  const row = town.written.state.get(`device/${id}`) as readonly unknown[] | undefined
  const more = row?.at(-1) as { conditions?: Record<string, { reports: number; since: number }> } | null | undefined
  const condition = more?.conditions?.[code]
  return condition === undefined || condition.reports === 0 ? undefined : condition.since
}

function activeOf(town: Town, id: string, code: string, since: (time: number) => number): Lived['active'] {
  const active: Lived['active'] = []
  for (const { event, fault, entry } of town.events) {
    if (fault.deviceId !== id || fault.code !== code) continue
    const [now, last] = [since(entry.at), active.at(-1)]
    if (last !== undefined && (event === 'cleared' || event === 'updated')) last.to = now
    if (event === 'raised' || event === 'updated')
      active.push({ from: now, to: since(town.now), severity: fault.severity })
  }
  return active
}
