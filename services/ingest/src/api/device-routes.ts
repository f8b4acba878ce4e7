// The registry over HTTP: read by operators, changed by administrators, in bulk as CSV.
import { Readable } from 'node:stream'
import type { Backbone } from '@ronda/backbone/backbone'
import { Device, DevicePatch, NewDevice } from '@ronda/contracts/device'
import { ImportPreview } from '@ronda/contracts/device-import'
import { AppError } from '@ronda/contracts/errors'
import { TokenRotation, longestOverlapS } from '@ronda/contracts/token'
import { DeviceId, DeviceKind } from '@ronda/contracts/topics'
import type { HttpServer } from '@ronda/runtime/http'
import { z } from 'zod'
import { deviceCsvHeader, deviceCsvRow, importResultCsv, mostImportRows, parseDeviceCsv } from '../device-csv.ts'
import { writePreview } from '../import-preview.ts'
import type { Registry } from '../registry.ts'
import { type Guard, askerOf } from './guard.ts'
import { readPage, scan } from './pages.ts'

/** A file of as many rows as an import takes, with every column filled. */
const importLimitBytes = 32 * 1024 * 1024
const pageSize = 500

export interface DeviceRoutesDeps {
  backbone: Backbone
  registry: Registry
  guard: Guard
}

const ById = z.object({ id: DeviceId })
export const DeviceWithToken = z.object({ device: Device, token: z.string().describe('Shown this once') })
const DevicePage = z.object({
  devices: z.array(Device),
  next: z.string().optional().describe('Cursor of the next page'),
})
const DeviceQuery = z.object({
  kind: DeviceKind.optional(),
  district: z.string().optional(),
  cabinet: z.string().optional(),
  site: z.string().optional(),
  gateway: z.string().optional(),
  search: z.string().max(120).optional().describe('Words that all occur in its id, name, street or pole'),
  retired: z.stringbool().default(false).describe('Retired devices too'),
  cursor: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(pageSize).default(pageSize),
})

const Reissue = z.stringbool().default(false).describe('Give known devices new tokens too, for when an answer was lost')
const ImportQuery = z.object({
  reissue: Reissue,
  overlapS: z.coerce
    .number()
    .int()
    .min(0)
    .max(longestOverlapS)
    .default(0)
    .describe('Seconds that their old tokens go on'),
  basis: z.string().max(64).optional().describe('Of a preview: 409 if it would do something else by now'),
})

export function deviceRoutes(app: HttpServer, { backbone, registry, guard }: DeviceRoutesDeps): void {
  const bucket = backbone.bucket('devices')
  const tags = ['devices']
  const read = guard.needs('read')
  const change = guard.needs('changeDevices')

  app.addContentTypeParser('text/csv', { parseAs: 'string' }, (_request, body, done) => done(null, body))

  app.get(
    '/api/v1/devices',
    {
      onRequest: read,
      schema: { tags, summary: 'Devices by id', querystring: DeviceQuery, response: { 200: DevicePage } },
    },
    async ({ query }) => {
      const { cursor, limit, retired, search, ...wanted } = query
      const words = search?.toLowerCase().split(/\s+/) ?? []
      const { values, next } = await readPage(
        bucket,
        { limit, ...(cursor === undefined ? {} : { after: cursor }) },
        ({ device }) =>
          (retired || device.retiredAt === undefined) && matches(device, wanted) && mentions(device, words),
      )
      return { devices: values.map(({ device }) => device), next }
    },
  )

  app.post(
    '/api/v1/devices',
    {
      onRequest: change,
      schema: { tags, summary: 'Register a device', body: NewDevice, response: { 201: DeviceWithToken } },
    },
    async (request, reply) => {
      const { device, token } = await registry.register(request.body, askerOf(request))
      return reply.code(201).send({ device, token })
    },
  )

  app.post(
    '/api/v1/devices/import',
    {
      onRequest: change,
      bodyLimit: importLimitBytes,
      schema: {
        tags,
        summary: 'Register and update devices from CSV',
        description: `All or nothing, up to ${mostImportRows} devices; answers CSV with the outcome of each row, and the token of each device that is new. Of a known device a column that is not in the file stays as it is, and an empty cell takes an optional value away.`,
        consumes: ['text/csv'],
        body: z.string(),
        querystring: ImportQuery,
        response: { 200: z.string() },
      },
    },
    async (request, reply) => {
      const table = await parseDeviceCsv(request.body)
      const imported = await registry.importAll(table, askerOf(request), request.query)
      return reply.type('text/csv; charset=utf-8').send(await importResultCsv(imported))
    },
  )

  app.post(
    '/api/v1/devices/import/preview',
    {
      onRequest: change,
      bodyLimit: importLimitBytes,
      schema: {
        tags,
        summary: 'What an import of this CSV would do; nothing is changed',
        description:
          'Each row with what changes, value by value, and everything that is wrong with the file. Given its `basis`, the import does this or nothing.',
        consumes: ['text/csv'],
        body: z.string(),
        querystring: z.object({ reissue: Reissue }),
        response: { 200: ImportPreview },
      },
    },
    async (request, reply) => {
      const planned = await registry.preview(await parseDeviceCsv(request.body), request.query)
      reply.type('application/json; charset=utf-8')
      // A stream is sent as it is; it holds the JSON of the schema.
      return reply.send(Readable.from(writePreview(planned)) as unknown as ImportPreview)
    },
  )

  app.get(
    '/api/v1/devices/export',
    { onRequest: read, schema: { tags, summary: 'All devices as CSV', response: { 200: z.string() } } },
    async (_request, reply) => {
      let csv = deviceCsvHeader
      for await (const { value } of scan(bucket)) {
        if (value.device.retiredAt === undefined) csv += deviceCsvRow(value.device)
      }
      return reply.type('text/csv; charset=utf-8').send(csv)
    },
  )

  app.get(
    '/api/v1/devices/:id',
    { onRequest: read, schema: { tags, summary: 'A device', params: ById, response: { 200: Device } } },
    async ({ params: { id } }) => {
      const row = await bucket.get(id)
      if (row === undefined) throw new AppError('not_found', `there is no device ${id}`)
      return row.value.device
    },
  )

  app.patch(
    '/api/v1/devices/:id',
    {
      onRequest: change,
      schema: { tags, summary: 'Change a device', params: ById, body: DevicePatch, response: { 200: Device } },
    },
    async (request) => registry.update(request.params.id, request.body, askerOf(request)),
  )

  app.delete(
    '/api/v1/devices/:id',
    {
      onRequest: change,
      schema: { tags, summary: 'Retire a device: its id stays blocked', params: ById, response: { 200: Device } },
    },
    async (request) => registry.retire(request.params.id, askerOf(request)),
  )

  app.post(
    '/api/v1/devices/:id/token',
    {
      onRequest: change,
      schema: {
        tags,
        summary: 'Give a device a new token; the old one ends now or after an overlap',
        params: ById,
        body: TokenRotation.nullish().describe('Without one the old token ends at once'),
        response: { 200: z.object({ id: DeviceId, token: z.string().describe('Shown this once') }) },
      },
    },
    async (request) => {
      const { id } = request.params
      const { token } = await registry.issueToken(id, request.body?.overlapS ?? 0, askerOf(request))
      return { id, token }
    },
  )

  app.post(
    '/api/v1/devices/:id/replace',
    {
      onRequest: change,
      schema: {
        tags,
        summary: 'New hardware in the place of the old: a new token and serial',
        params: ById,
        body: z.strictObject({ serial: z.string().trim().min(1).max(120).optional() }),
        response: { 200: DeviceWithToken },
      },
    },
    async (request) => registry.replace(request.params.id, request.body.serial, askerOf(request)),
  )
}

type Wanted = Partial<Record<'kind' | 'district' | 'cabinet' | 'site' | 'gateway', string | undefined>>

function matches(device: Device, wanted: Wanted): boolean {
  return (
    (wanted.kind ?? device.kind) === device.kind &&
    (wanted.district ?? device.district) === device.district &&
    (wanted.cabinet === undefined || wanted.cabinet === device.cabinet) &&
    (wanted.site === undefined || wanted.site === device.site) &&
    (wanted.gateway === undefined || wanted.gateway === device.gateway)
  )
}

function mentions({ id, name, street = '', pole = '' }: Device, words: readonly string[]): boolean {
  if (words.length === 0) return true
  const text = [id, name, street, pole].join('\n').toLowerCase()
  return words.every((word) => text.includes(word))
}
