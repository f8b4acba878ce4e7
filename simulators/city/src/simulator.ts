// The simulator as a whole: plan, register, run. Registration waits for the API as long as it takes, so starting
// returns at once; a failure that waiting would not mend is handed to `onFailure`.
import type { Environment } from '@ronda/contracts/environment'
import { AppError } from '@ronda/contracts/errors'
import { readCity } from '@ronda/runtime/city-profile'
import { claimRole, openDataDir } from '@ronda/runtime/data-dir'
import { type Running, createCleanup } from '@ronda/runtime/lifecycle'
import type { Logger } from '@ronda/runtime/log'
import { createCity } from './city.ts'
import type { Options } from './options.ts'
import { planCity } from './plan/plan.ts'
import { createApi } from './registration/api.ts'
import { openCredentials } from './registration/credentials.ts'
import { register } from './registration/register.ts'

export interface SimulatorDeps {
  env: Environment
  options: Options
  log: Logger
  onFailure: (error: unknown) => void
}

const summaryMs = 60_000

/** Throws when the profile or the data directory cannot be used, or there is no port to connect to. */
export function startSimulator({ env, options, log, onFailure }: SimulatorDeps): Running {
  const { devices, seed, intervalS, faultsPerMinute, connectsPerSecond } = options
  const { RONDA_MQTT_PORT: port } = env
  if (port === undefined) {
    throw new AppError(
      'config_invalid',
      'the simulated city connects to RONDA_MQTT_PORT, which is off: set it to a port',
    )
  }
  const city = readCity(options.city ?? env.RONDA_CITY)
  const { path, clock, adminToken } = openDataDir(env, city.profile.slug)
  const role = claimRole(path, 'simulator')
  const cleanup = createCleanup()
  cleanup.defer('role', role.release)
  const credentials = openCredentials(path)
  cleanup.defer('credentials', credentials.save)
  const stopped = new AbortController()
  const host = reachable(env.RONDA_BIND)
  const api = createApi({
    baseUrl: `http://${host.includes(':') ? `[${host}]` : host}:${env.RONDA_API_PORT}`,
    token: adminToken,
    log,
    signal: stopped.signal,
  })

  const run = async () => {
    const plan = await register(planCity({ city, devices, seed, intervalS }), { api, credentials, log })
    stopped.signal.throwIfAborted()
    const simulated = createCity({
      city,
      plan,
      clock,
      seed,
      connection: { host, port, tokens: credentials.tokens, perSecond: connectsPerSecond },
      faultsPerMinute,
      log,
      onRefused: credentials.forget,
    })
    cleanup.defer('city', simulated.stop)
    const summary = setInterval(() => {
      credentials.save()
      log.debug(simulated.stats(), 'the simulated city')
    }, summaryMs)
    cleanup.defer('summary', () => clearInterval(summary))
    const { activeFaults } = simulated.stats()
    log.info(
      { city: city.profile.slug, devices: plan.length, seed, intervalS, faultsPerMinute, activeFaults },
      'the simulated city runs',
    )
  }
  const running = run().catch((error: unknown) => {
    if (!stopped.signal.aborted) onFailure(error)
  })

  return {
    async stop() {
      stopped.abort()
      await running
      await cleanup.close(log)
    },
  }
}

/** The address to reach what listens on all addresses. */
function reachable(bind: string): string {
  if (bind === '0.0.0.0') return '127.0.0.1'
  return bind === '::' ? '::1' : bind
}
