// `GET /config.json`: what the page must know before it asks the API for anything. Whoever has not signed in
// gets what the sign-in screen shows.
import type { City } from '@ronda/contracts/city'
import { AppError } from '@ronda/contracts/errors'
import type { HttpServer } from '@ronda/runtime/http'
import type { Gate } from './gate.ts'

/** For everyone. */
interface PublicConfig {
  city: { slug: string; name: string; timeZone: string }
  /** Stamped time is simulated, and runs this many times faster. */
  simulated: boolean
  timeScale: number
}

/** For those who have signed in. */
interface PageConfig extends PublicConfig {
  version: string
  agencies: City['profile']['agencies']
  districts: { slug: string; name: string }[]
}

export interface PageConfigDeps {
  city: City
  simulated: boolean
  timeScale: number
  version: string
  gate: () => Gate
}

export function addPageConfig(app: HttpServer, { city, simulated, timeScale, version, gate }: PageConfigDeps): void {
  const { slug, name, timeZone, agencies } = city.profile
  const forEveryone: PublicConfig = { city: { slug, name, timeZone }, simulated, timeScale }
  const forOperators: PageConfig = {
    ...forEveryone,
    version,
    agencies,
    districts: city.districts.features.map(({ properties }) => ({ slug: properties.slug, name: properties.name })),
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
