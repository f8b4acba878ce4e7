// `npm run demo:reset`: removes the data directory, so that the next start begins anew.
import { existsSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { AppError } from '@ronda/contracts/errors'
import { readEnvironment } from '@ronda/runtime/config'
import { claimRole } from '@ronda/runtime/data-dir'
import { failToStart } from '@ronda/runtime/lifecycle'

try {
  const dir = resolve(readEnvironment(process.env).RONDA_DATA_DIR)
  if (!existsSync(dir)) {
    process.stdout.write(`There is nothing at ${dir}.\n`)
  } else {
    if (!existsSync(join(dir, 'ronda.json'))) {
      throw new AppError('data_dir_unusable', `${dir} is not a data directory of Ronda: it is left alone`)
    }
    // They are held while Ronda runs.
    for (const role of ['launcher', 'broker', 'ingest']) claimRole(dir, role).release()
    rmSync(dir, { recursive: true })
    process.stdout.write(`Removed ${dir}.\n`)
  }
} catch (error) {
  failToStart(error)
}
