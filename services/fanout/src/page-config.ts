// `GET /config.json`: all of it with a session, what the sign-in screen shows without one.
import type { City } from '@ronda/contracts/city'
import { AppError } from '@ronda/contracts/errors'
import type { PageConfig, PublicConfig } from '@ronda/contracts/page-config'
import type { HttpServer } from '@ronda/runtime/http'
import type { Gate } from './gate.ts'

export interface PageConfigDeps {
  city: City
  simulated: boolean
  timeScale: number
  version: string
  mapStyleUrl: string | undefined
  gate: () => Gate
}

export function addPageConfig(app: HttpServer, deps: PageConfigDeps): void {
  const { city, simulated, timeScale, version, mapStyleUrl, gate } = deps
  const { slug, name, timeZone, agencies, attribution } = city.profile
  const forEveryone: PublicConfig = { city: { slug, name, timeZone }, simulated, timeScale }
  const forOperators: PageConfig = {
    ...forEveryone,
    version,
    agencies,
    districts: city.districts.features.map(({ properties }) => ({ slug: properties.slug, name: properties.name })),
    attribution,
    ...(mapStyleUrl === undefined ? {} : { mapStyleUrl }),
  }

  app.get('/config.json', async (request, reply) => {
    reply.header('cache-control', 'no-store')
    try {
      await gate().checkWhoAsks(request.headers)
      return forOperators
    } catch (error) {
      if (error instanceof AppError && error.code === 'unauthenticated') return forEveryone
      throw error
    }
  })
}
