// The store that the environment names.
import { join } from 'node:path'
import type { Environment } from '@ronda/contracts/environment'
import type { Logger } from '@ronda/runtime/log'
import { openEmbeddedStore } from '@ronda/store/embedded/embedded'
import { openInfluxStore } from '@ronda/store/influx/influx'
import type { Store } from '@ronda/store/store'

export async function openStore(env: Environment, dataDir: string, log: Logger): Promise<Store> {
  if (env.RONDA_STORE === 'embedded') {
    return openEmbeddedStore({ file: join(dataDir, 'history.duckdb'), log, memoryLimitMb: 512, threads: 1 })
  }
  if (env.INFLUX_URL === undefined) throw new Error('the configuration was not checked')
  return openInfluxStore({
    url: env.INFLUX_URL,
    bucket: env.INFLUX_BUCKET,
    log,
    ...(env.INFLUX_TOKEN === undefined ? {} : { token: env.INFLUX_TOKEN }),
    ...(env.INFLUX_ORG === undefined ? {} : { org: env.INFLUX_ORG }),
  })
}
