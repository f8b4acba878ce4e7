// What a device said last, and what it said over time.
import type { Backbone } from '@ronda/backbone/backbone'
import type { City } from '@ronda/contracts/city'
import type { Device } from '@ronda/contracts/device'
import { AppError } from '@ronda/contracts/errors'
import { DeviceHistory, LatestReading } from '@ronda/contracts/history'
import { PastStandings } from '@ronda/contracts/past-standing'
import { type Measurement, measurementOf, measurements } from '@ronda/contracts/measurements'
import { DeviceId, uplinkChannels } from '@ronda/contracts/topics'
import { type DeviceKnowledge, readDeviceKnowledge } from '@ronda/faults/device-knowledge'
import { expectationOf } from '@ronda/faults/expectation'
import { createRulebook } from '@ronda/faults/rules/rulebook'
import { createSun } from '@ronda/faults/sun'
import type { HttpServer } from '@ronda/runtime/http'
import type { HistoryRow, Store } from '@ronda/store/store'
import { z } from 'zod'
import { longestPastMs, readPastStandings } from '../past-standings.ts'
import type { Guard } from './guard.ts'
import { Instant } from './instant.ts'

const dayMs = 86_400_000
const mostRows = 10_000

const unitMs: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: dayMs }

const Width = z
  .string()
  .regex(/^\d{1,6}(ms|s|m|h|d)$/, 'a number and one of ms, s, m, h, d')
  .transform((text) => Number.parseInt(text, 10) * (unitMs[text.replace(/^\d+/, '')] ?? 1))
  .pipe(z.int().min(1))

const HistoryQuery = z.object({
  channel: z.enum(uplinkChannels).default('telemetry'),
  fields: z.string().optional().describe('Names separated by commas; all when absent'),
  from: Instant.optional().describe('ms UTC or ISO 8601; a day before `to` when absent'),
  to: Instant.optional().describe('ms UTC or ISO 8601; now when absent'),
  every: Width.optional().describe('Width of a bucket, such as 5m: means of gauges, last values of the rest'),
  limit: z.coerce.number().int().min(1).max(mostRows).default(mostRows),
  first: z
    .enum(['oldest', 'newest'])
    .default('oldest')
    .describe('Which rows are left when there are more than `limit`'),
})

const PastQuery = z.object({
  from: Instant.optional().describe('ms UTC or ISO 8601; 30 days before `to` when absent, 31 at most'),
  to: Instant.optional().describe('ms UTC or ISO 8601; now when absent'),
})

export interface HistoryRoutesDeps {
  backbone: Backbone
  store: Store
  guard: Guard
  city: City
  /** ms UTC of stamped time. */
  now: () => number
}

export function historyRoutes(app: HttpServer, { backbone, store, guard, city, now }: HistoryRoutesDeps): void {
  const { rules, centre, nominalVoltageV } = city.profile
  const expectation = { rulebook: createRulebook(rules), sun: createSun(centre), nominalVoltageV }
  const onRequest = guard.needs('read')
  const params = z.object({ id: DeviceId })

  async function find(id: string): Promise<Device> {
    const row = await backbone.bucket('devices').get(id)
    if (row === undefined) throw new AppError('not_found', `there is no device ${id}`)
    return row.value.device
  }

  app.get(
    '/api/v1/devices/:id/latest',
    {
      onRequest,
      schema: { tags: ['history'], summary: 'The newest readings', params, response: { 200: LatestReading } },
    },
    async ({ params: { id } }) => {
      const device = await find(id)
      const [telemetry, status, known, detector] = await Promise.all([
        store.latest(measurementOf(device.kind), id),
        backbone.bucket('status').get(id),
        readDeviceKnowledge(async (key) => (await backbone.bucket('detector-state').get(key))?.value, device),
        backbone.bucket('system').get('detector'),
      ])
      const unknownSince = known.unknownSince(detector?.value.logTime ?? 0)
      return {
        device: id,
        ...(telemetry === undefined
          ? {}
          : {
              telemetry: {
                ...telemetry,
                expected: expectationOf(device, { at: telemetry.time, values: telemetry.values }, expectation),
                ...backlogOf(telemetry, known),
              },
            }),
        ...(status === undefined ? {} : { status: { time: status.value.at, online: status.value.online } }),
        ...(unknownSince === undefined ? {} : { unknownSince }),
      }
    },
  )

  app.get(
    '/api/v1/devices/:id/history',
    {
      onRequest,
      schema: {
        tags: ['history'],
        summary: 'Readings over time',
        params,
        querystring: HistoryQuery,
        response: { 200: DeviceHistory },
      },
    },
    async ({ params: { id }, query }) => {
      const device = await find(id)
      const measurement = measurementFor(device, query.channel)
      const to = query.to ?? now()
      const from = query.from ?? to - dayMs
      const rows = await store.history({
        measurement,
        device: id,
        fields: fieldsOf(measurement, query.fields),
        from,
        to,
        limit: query.limit,
        first: query.first,
        ...(query.every === undefined ? {} : { everyMs: query.every }),
      })
      return { device: id, measurement, rows }
    },
  )

  app.get(
    '/api/v1/devices/:id/standings',
    {
      onRequest,
      schema: {
        tags: ['history'],
        summary: 'How a device was over time: working, faulty, silent, or not known',
        params,
        querystring: PastQuery,
        response: { 200: PastStandings },
      },
    },
    async ({ params: { id }, query }) => {
      const device = await find(id)
      const to = Math.min(query.to ?? Infinity, now())
      const from = Math.max(query.from ?? to - 30 * dayMs, to - longestPastMs)
      return { device: id, ...(await readPastStandings({ backbone, store }, device, { from, to })) }
    },
  )
}

function backlogOf({ time, values }: HistoryRow, { isBacklog }: DeviceKnowledge): { backlog?: true } {
  const numberOf = (name: string) => (typeof values[name] === 'number' ? values[name] : undefined)
  const times = { measuredAt: time, sentAt: numberOf('sentAt'), receivedAt: numberOf('receivedAt') ?? time }
  return isBacklog(times) ? { backlog: true } : {}
}

function measurementFor(device: Device, channel: (typeof uplinkChannels)[number]): Measurement {
  if (channel === 'status') return 'status'
  if (channel === 'telemetry') return measurementOf(device.kind)
  if (device.kind === 'camera') return 'camera_event'
  throw new AppError('validation_failed', `a ${device.kind} has no events`)
}

function fieldsOf(measurement: Measurement, wanted: string | undefined): string[] {
  const known = Object.keys(measurements[measurement])
  if (wanted === undefined) return known
  const fields = wanted.split(',').map((name) => name.trim())
  const unknown = fields.filter((name) => !known.includes(name))
  if (unknown.length === 0) return fields
  const problems = unknown.map((name) => `fields: ${name} is none of ${known.join(', ')}`)
  throw new AppError('validation_failed', `there are no such fields of ${measurement}`, { problems })
}
