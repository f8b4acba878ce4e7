// Labels over HTTP. Tokens are not kept, so a label means a new one: the answer is the only place where it is.
import type { City } from '@ronda/contracts/city'
import { DeviceId } from '@ronda/contracts/topics'
import { OverlapS } from '@ronda/contracts/token'
import type { HttpServer } from '@ronda/runtime/http'
import { z } from 'zod'
import { type LabelSheet, labelsCsv, labelsPage, labelsPolicy } from '../labels.ts'
import type { Registry } from '../registry.ts'
import { type Guard, askerOf } from './guard.ts'

const mostLabels = 500

const LabelOrder = z.strictObject({
  ids: z
    .array(DeviceId)
    .min(1)
    .max(mostLabels)
    .refine((ids) => new Set(ids).size === ids.length, 'an id is there twice'),
  overlapS: OverlapS,
  broker: z
    .string()
    .regex(
      /^(mqtts?:\/\/[A-Za-z0-9.:[\]-]+|wss?:\/\/[A-Za-z0-9.:[\]-]+\/mqtt)$/,
      'the broker is mqtt://HOST:PORT, mqtts://HOST:PORT or wss://HOST:PORT/mqtt',
    )
    .max(200)
    .optional()
    .describe('As devices reach it; part of the QR codes'),
})

export interface LabelRoutesDeps {
  registry: Registry
  guard: Guard
  city: City
}

export function labelRoutes(app: HttpServer, { registry, guard, city }: LabelRoutesDeps): void {
  const districts = new Map(city.districts.features.map(({ properties: { slug, name } }) => [slug, name]))

  app.post(
    '/api/v1/devices/labels',
    {
      onRequest: guard.needs('changeDevices'),
      schema: {
        tags: ['devices'],
        summary: 'Labels with QR codes for field crews; each device gets a new token',
        description: `A page to print on A4, 3 × 8 labels of 70 × 37 mm, or CSV for label printers; up to ${mostLabels} devices.`,
        produces: ['text/html', 'text/csv'],
        body: LabelOrder,
        querystring: z.object({ format: z.enum(['html', 'csv']).default('html') }),
        response: { 200: z.string() },
      },
    },
    async (request, reply) => {
      const { ids, overlapS, broker } = request.body
      const labelled = await registry.issueTokens(ids, overlapS, askerOf(request))
      const sheet: LabelSheet = { city: city.profile.slug, districts, ...(broker === undefined ? {} : { broker }) }
      if (request.query.format === 'csv') {
        return reply.type('text/csv; charset=utf-8').send(await labelsCsv(labelled, sheet))
      }
      return reply
        .type('text/html; charset=utf-8')
        .headers({ 'content-security-policy': labelsPolicy, 'x-content-type-options': 'nosniff' })
        .send(await labelsPage(labelled, sheet))
    },
  )
}
