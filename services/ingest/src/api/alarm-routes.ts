// The alarm figures over HTTP, computed from what is durable: the notes of the period and the faults that are open.
import { setImmediate as nextTurn } from 'node:timers/promises'
import { openAlarmNotes } from '@ronda/backbone/alarm-notes'
import type { Backbone } from '@ronda/backbone/backbone'
import { AlarmMetrics, defaultPeriodMs, longestPeriodMs } from '@ronda/contracts/alarm-metrics'
import { AppError } from '@ronda/contracts/errors'
import { type AlarmPeriod, countAlarms, leadInMs } from '@ronda/faults/alarm-metrics'
import type { HttpServer } from '@ronda/runtime/http'
import { FilterQuery, filterOf } from './filter-query.ts'
import type { Guard } from './guard.ts'
import { Instant } from './instant.ts'
import { scan } from './pages.ts'

const AlarmQuery = FilterQuery.extend({
  from: Instant.optional().describe('ms UTC or ISO 8601; a day before `to` when absent'),
  to: Instant.optional().describe('ms UTC or ISO 8601; as far as the detector has decided when absent'),
})

export interface AlarmRoutesDeps {
  backbone: Backbone
  guard: Guard
  /** ms UTC of stamped time when the data directory was made. */
  beganAt: number
}

export function alarmRoutes(app: HttpServer, { backbone, guard, beganAt }: AlarmRoutesDeps): void {
  const notes = openAlarmNotes(backbone)

  async function logTime(): Promise<number> {
    return (await backbone.bucket('system').get('detector'))?.value.logTime ?? beganAt
  }

  async function figuresOf(period: AlarmPeriod): Promise<AlarmMetrics> {
    const count = countAlarms(period)
    for await (const { notes: batch } of notes.after(await notes.positionAt(period.from - leadInMs))) {
      for (const note of batch) count.note(note)
      if ((batch.at(-1)?.at ?? 0) > period.to) break
      await nextTurn()
    }
    for await (const { value } of scan(backbone.bucket('faults'))) count.open(value.fault)
    return count.figures()
  }

  app.get(
    '/api/v1/alarm-metrics',
    {
      onRequest: guard.needs('read'),
      schema: {
        tags: ['faults'],
        summary: 'How many faults there were to react to, and how that went, beside the targets of ISA-18.2',
        description: 'For one agency, district, kind or severity, or any combination; what is `open` is as it is now.',
        querystring: AlarmQuery,
        response: { 200: AlarmMetrics },
      },
    },
    async ({ query }) => {
      const now = await logTime()
      const to = query.to ?? now
      const asked = query.from ?? to - defaultPeriodMs
      if (asked > to)
        throw new AppError('validation_failed', 'from is after to: give a period that ends after it begins')
      if (to - asked > longestPeriodMs) {
        throw new AppError('validation_failed', 'the period is longer than 31 days: ask for a shorter one')
      }
      const from = Math.min(Math.max(asked, beganAt), to)
      return figuresOf({ filter: filterOf(query), from, to, now })
    },
  )
}
