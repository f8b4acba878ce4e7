// Telemetry of devices without MQTT: into the same log as what comes over MQTT, answered when it is durable.
import { type Backbone, append } from '@ronda/backbone/backbone'
import type { DeviceDirectory } from '@ronda/backbone/device-directory'
import { encodeJson, encodeRecord } from '@ronda/backbone/record-codec'
import type { Access } from '@ronda/access/sessions'
import { bearerToken } from '@ronda/access/sessions'
import { sha256Hex } from '@ronda/access/secrets'
import type { DeviceRow } from '@ronda/contracts/device'
import { AppError } from '@ronda/contracts/errors'
import { noSession, recordVersion } from '@ronda/contracts/record'
import { DeviceId, formatTopic } from '@ronda/contracts/topics'
import type { HttpServer } from '@ronda/runtime/http'
import { z } from 'zod'

const Messages = z
  .array(
    z.strictObject({
      device: DeviceId,
      channel: z.enum(['telemetry', 'event']).default('telemetry'),
      payload: z.union([z.record(z.string(), z.unknown()), z.array(z.unknown())]),
    }),
  )
  .min(1)
  .max(1_000)

export interface TelemetryRoutesDeps {
  backbone: Backbone
  access: Access
  devices: DeviceDirectory
  /** The device whose token has this SHA-256. */
  deviceByToken: (tokenSha256: string) => DeviceRow | undefined
  city: string
  source: string
  /** ms UTC of stamped time. */
  now: () => number
}

export function telemetryRoutes(app: HttpServer, deps: TelemetryRoutesDeps): void {
  const { backbone, devices, city, source, now } = deps
  const log = backbone.stream('log')

  /** The administrator may send for any device, a device for itself, a gateway also for those assigned to it. */
  async function mayPublishFor(
    authorization: string | undefined,
  ): Promise<{ name: string; allows: (row: DeviceRow) => boolean }> {
    const token = bearerToken(authorization)
    const sender = token === undefined ? undefined : deps.deviceByToken(sha256Hex(token))
    if (sender !== undefined) {
      const { id, enabled, retiredAt } = sender.device
      if (!enabled || retiredAt !== undefined)
        throw new AppError('forbidden', `the device ${id} is disabled or retired`)
      return { name: `device:${id}`, allows: ({ device }) => device.id === id || device.gateway === id }
    }
    const principal = await deps.access.whoAsks({ authorization })
    if (principal === undefined)
      throw new AppError('unauthenticated', 'send the token of a device as Authorization: Bearer')
    return { name: principal.name, allows: () => true }
  }

  app.post(
    '/api/v1/telemetry',
    {
      schema: {
        tags: ['telemetry'],
        summary: 'Send readings without MQTT',
        description:
          'Answered when they are durable. A payload is validated later: what is wrong with it becomes a dead letter.',
        body: Messages,
        response: { 202: z.object({ accepted: z.int() }) },
      },
    },
    async (request, reply) => {
      if (log.blocked !== undefined) throw log.blocked
      const sender = await mayPublishFor(request.headers.authorization)
      const records = await Promise.all(
        request.body.map(async ({ device: id, channel, payload }) => {
          const row = await devices.find(id)
          if (row === undefined || !sender.allows(row)) {
            throw new AppError('forbidden', `${sender.name} may not send for ${id}`)
          }
          return encodeRecord({
            v: recordVersion,
            type: 'telemetry',
            receivedAt: now(),
            source,
            session: noSession,
            principal: sender.name,
            topic: formatTopic({ city, kind: row.device.kind, deviceId: id, channel }),
            qos: 1,
            retain: false,
            dup: false,
            will: false,
            payload: encodeJson(payload),
          })
        }),
      )
      await Promise.all(records.map((record) => append(log, record, { counted: true })))
      return reply.code(202).send({ accepted: records.length })
    },
  )
}
