import { createAccess } from '../../../packages/access/src/sessions.ts'
import { createWebOrigin } from '../../../packages/access/src/web-origin.ts'
import { openEmbeddedBackbone } from '../../../packages/backbone/src/embedded/embedded.ts'
import { readCity } from '@ronda/runtime/city-profile'
import { openDataDir } from '@ronda/runtime/data-dir'
import { createHttpServer } from '@ronda/runtime/http'
import { createLog } from '@ronda/runtime/log'
import { readEnvironment } from '@ronda/runtime/config'
import { deviceRoutes } from '../../../services/ingest/src/api/device-routes.ts'
import { createGuard } from '../../../services/ingest/src/api/guard.ts'
import { createRegistry } from '../../../services/ingest/src/registry.ts'
const env = readEnvironment(process.env)
const city = readCity(env.RONDA_CITY)
const dataDir = openDataDir(env, city.profile.slug)
const backbone = openEmbeddedBackbone({ dir: dataDir.path, reserveBytes: 0, maxLogBytes: 1e10, now: dataDir.clock.now })
const origin = createWebOrigin(env, env.RONDA_PORT, [env.RONDA_API_PORT])
const access = createAccess({
  backbone,
  adminToken: dataDir.adminToken,
  pagePort: env.RONDA_PORT,
  secure: origin.secure,
  now: Date.now,
})
const app = createHttpServer(createLog('registry', 'info'), env)
deviceRoutes(app, {
  backbone,
  registry: createRegistry({ backbone, city, now: dataDir.clock.now }),
  guard: createGuard(access, origin),
})
console.log(await app.listen({ host: '127.0.0.1', port: env.RONDA_API_PORT }))
process.on('SIGTERM', () => {
  void app
    .close()
    .then(() => backbone.close())
    .then(() => process.exit(0))
})
