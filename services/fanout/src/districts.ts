// `GET /districts.geojson`: the boundaries of the city's districts, as its profile has them. They change with it only.
import type { City } from '@ronda/contracts/city'
import type { HttpServer } from '@ronda/runtime/http'
import { createHash } from 'node:crypto'
import { compressAnswers } from './compression.ts'
import type { Gate } from './gate.ts'

export interface DistrictsDeps {
  districts: City['districts']
  gate: () => Gate
}

export function addDistricts(app: HttpServer, { districts, gate }: DistrictsDeps): void {
  const json = JSON.stringify(districts)
  const etag = `"${createHash('sha256').update(json).digest('base64url').slice(0, 16)}"`

  void app.register(async (scope) => {
    await compressAnswers(scope)
    scope.get('/districts.geojson', async ({ headers }, reply) => {
      await gate().checkWhoAsks(headers)
      reply.header('etag', etag).header('cache-control', 'private, no-cache')
      if (headers['if-none-match'] === etag) return reply.code(304).send()
      return reply.type('application/geo+json; charset=utf-8').send(json)
    })
  })
}
