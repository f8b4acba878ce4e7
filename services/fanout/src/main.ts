// Fanout as a process: environment and signals. What it does is in app.ts. Several may run on one data
// directory: they only read, but for what they report of themselves.
import { openBackbone } from '@ronda/backbone/open'
import { readCity } from '@ronda/runtime/city-profile'
import { openDataDir } from '@ronda/runtime/data-dir'
import { createCleanup, runService } from '@ronda/runtime/lifecycle'
import { createFanout } from './app.ts'

await runService('fanout', async (env, log) => {
  const cleanup = createCleanup()
  try {
    const city = readCity(env.RONDA_CITY)
    const dataDir = openDataDir(env, city.profile.slug)
    const backbone = openBackbone({ dir: dataDir.path, env, now: dataDir.clock.now })
    cleanup.defer('backbone', backbone.close)
    const fanout = createFanout({ env, backbone, dataDir, city, log })
    cleanup.defer('fanout', fanout.stop)
    const address = await fanout.start()
    log.info({ address }, 'listens')
  } catch (error) {
    await cleanup.close(log)
    throw error
  }
  return { stop: () => cleanup.close(log) }
})
