// Where all devices are, in one answer: for maps.
import type { Backbone } from '@ronda/backbone/backbone'
import { DevicePlaces } from '@ronda/contracts/device-places'
import type { HttpServer } from '@ronda/runtime/http'
import { z } from 'zod'
import { createDevicePlaces } from '../device-places.ts'
import type { Guard } from './guard.ts'

export interface DevicePlaceRoutesDeps {
  backbone: Backbone
  guard: Guard
}

export function devicePlaceRoutes(app: HttpServer, { backbone, guard }: DevicePlaceRoutesDeps): void {
  const newest = createDevicePlaces(backbone)

  app.get(
    '/api/v1/device-places',
    {
      onRequest: guard.needs('read'),
      schema: {
        tags: ['devices'],
        summary: 'Where all devices are: a column each, and an ETag that changes with the registry',
        response: { 200: DevicePlaces, 304: z.undefined().describe('As it was under this If-None-Match') },
      },
    },
    async ({ headers }, reply) => {
      const { etag, json, gzip } = await newest()
      // Kept by the browser of who is signed in, and asked for each time.
      reply.header('etag', etag).header('cache-control', 'private, no-cache').header('vary', 'accept-encoding')
      if (headers['if-none-match'] === etag) return reply.code(304).send()
      reply.type('application/json; charset=utf-8')
      const takesGzip = /\bgzip\b/.test(headers['accept-encoding'] ?? '')
      if (takesGzip) reply.header('content-encoding', 'gzip')
      // A buffer is sent as it is; it holds the JSON of the schema.
      return reply.send((takesGzip ? gzip : json) as unknown as DevicePlaces)
    },
  )
}
