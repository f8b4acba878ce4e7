// Ingest as a process: environment and signals. What it does is in app.ts.
import { openBackbone } from '@ronda/backbone/open'
import { overrideProblems } from '@ronda/faults/rules/overrides'
import { readCity } from '@ronda/runtime/city-profile'
import { claimRole, openDataDir } from '@ronda/runtime/data-dir'
import { createCleanup, exitCodeOf, runService } from '@ronda/runtime/lifecycle'
import { createIngest } from './app.ts'
import { openStore } from './open-store.ts'

await runService('ingest', async (env, log) => {
  const cleanup = createCleanup()
  try {
    const city = readCity(env.RONDA_CITY, ({ rules }) => overrideProblems(rules))
    const dataDir = openDataDir(env, city.profile.slug)
    const role = claimRole(dataDir.path, 'ingest')
    cleanup.defer('role', role.release)
    const backbone = openBackbone({ dir: dataDir.path, env, now: dataDir.clock.now })
    cleanup.defer('backbone', backbone.close)
    const store = await openStore(env, dataDir.path, log.child({ component: 'store' }))
    cleanup.defer('store', store.close)
    const ingest = await createIngest({
      env,
      city,
      dataDir,
      backbone,
      store,
      log,
      onFailure(err) {
        log.fatal({ err }, 'a part failed: the process ends')
        process.exit(exitCodeOf(err))
      },
    })
    cleanup.defer('ingest', ingest.stop)
    const address = await ingest.start()
    log.info({ address, store: store.name }, 'listens')
  } catch (error) {
    await cleanup.close(log)
    throw error
  }
  return { stop: () => cleanup.close(log) }
})
