// The broker as a process: environment and signals. What it does is in app.ts.
import { openBackbone } from '@ronda/backbone/open'
import { readCity } from '@ronda/runtime/city-profile'
import { claimRole, openDataDir } from '@ronda/runtime/data-dir'
import { createCleanup, runService } from '@ronda/runtime/lifecycle'
import { createBroker } from './app.ts'
import { cacheLengths } from './engine/packet-lengths.ts'

await runService('broker', async (env, log) => {
  const cleanup = createCleanup()
  try {
    cacheLengths()
    const city = readCity(env.RONDA_CITY)
    const dataDir = openDataDir(env, city.profile.slug)
    const role = claimRole(dataDir.path, 'broker')
    cleanup.defer('role', role.release)
    const backbone = openBackbone({ dir: dataDir.path, env, now: dataDir.clock.now })
    cleanup.defer('backbone', backbone.close)
    const broker = await createBroker({ env, backbone, city: city.profile.slug, clock: dataDir.clock, log })
    cleanup.defer('broker', broker.stop)
    const addresses = await broker.start()
    log.info({ addresses }, 'listens')
  } catch (error) {
    await cleanup.close(log)
    throw error
  }
  return { stop: () => cleanup.close(log) }
})
