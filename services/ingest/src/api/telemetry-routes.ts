// Telemetry of devices without MQTT: into the same log as what comes over MQTT, answered when it is durable.
import { type Backbone, append } from '@ronda/backbone/backbone'
import type { DeviceDirectory } from '@ronda/backbone/device-directory'
import { encodeJson, encodeRecord } from '@ronda/backbone/record-codec'
import { type Sessions, bearerToken } from '@ronda/access/sessions'
import type { DeviceRow } from '@ronda/contracts/device'
import { AppError } from '@ronda/contracts/errors'
import { noSession, recordVersion } from '@ronda/contracts/record'
import { DeviceId, formatTopic } from '@ronda/contracts/topics'
import type { HttpServer } from '@ronda/runtime/http'
import { z } from 'zod'
import { recordPrincipal } from './guard.ts'

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

/** Who sends, and for which devices it may. */
interface Sender {
  /** As records of the log name it. */
  principal: string
  allows: (row: DeviceRow) => boolean
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Of telemetry; set before its body is read. */
    sender: Sender | undefined
  }
}

export interface TelemetryRoutesDeps {
  backbone: Backbone
  sessions: Pick<Sessions, 'whoAsks'>
  devices: DeviceDirectory
  /** The device whose token this is now. */
  deviceOfToken: (token: string) => DeviceRow | undefined
  city: string
  source: string
  /** ms UTC of stamped time. */
  now: () => number
}

export function telemetryRoutes(app: HttpServer, deps: TelemetryRoutesDeps): void {
  const { backbone, devices, city, source, now } = deps
  const log = backbone.stream('log')

  /** The administrator may send for any device, a device for itself, a gateway also for those assigned to it. */
  async function senderOf(authorization: string | undefined): Promise<Sender> {
    const token = bearerToken(authorization)
    const sender = token === undefined ? undefined : deps.deviceOfToken(token)
    if (sender !== undefined) {
      const { id, enabled, retiredAt } = sender.device
      if (!enabled || retiredAt !== undefined)
        throw new AppError('forbidden', `the device ${id} is disabled or retired`)
      return { principal: `device:${id}`, allows: ({ device }) => device.id === id || device.gateway === id }
    }
    const principal = await deps.sessions.whoAsks({ authorization })
    if (principal === undefined)
      throw new AppError('unauthenticated', 'send the token of a device as Authorization: Bearer')
    return { principal: recordPrincipal(principal), allows: () => true }
  }

  app.post(
    '/api/v1/telemetry',
    {
      onRequest: async (request) => {
        request.sender = await senderOf(request.headers.authorization)
      },
      schema: {
        tags: ['telemetry'],
        summary: 'Send readings without MQTT',
        description:
          'Answered when they are durable. A payload is validated later: what is wrong with it becomes a dead letter.',
        body: Messages,
        response: { 202: z.object({ accepted: z.int() }) },
      },
    },
    async ({ sender, body }, reply) => {
      if (sender === undefined) throw new Error('a route without its hook')
      const records = await Promise.all(
        body.map(async ({ device: id, channel, payload }) => {
          const row = await devices.find(id)
          if (row === undefined || !sender.allows(row)) {
            throw new AppError('forbidden', `${sender.principal} may not send for ${id}`)
          }
          return encodeRecord({
            v: recordVersion,
            type: 'telemetry',
            receivedAt: now(),
            source,
            session: noSession,
            principal: sender.principal,
            topic: formatTopic({ city, kind: row.device.kind, deviceId: id, channel }),
            qos: 1,
            retain: false,
            dup: false,
            will: false,
            payload: encodeJson(payload),
          })
        }),
      )
      // Asked once, with nothing awaited after it: a request is appended whole or refused whole.
      const { blocked } = log
      if (blocked !== undefined) throw blocked
      await Promise.all(records.map((record) => append(log, record, { counted: true })))
      return reply.code(202).send({ accepted: records.length })
    },
  )
}
