// `npm run sign-in`: another one-time link to the control room that runs on this data directory.
import { readFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { AppError } from '@ronda/contracts/errors'
import { readEnvironment } from '@ronda/runtime/config'
import { failToStart } from '@ronda/runtime/lifecycle'
import { makeSignInLink } from './system.ts'

try {
  const env = readEnvironment(process.env)
  const file = join(env.RONDA_DATA_DIR, 'admin-token')
  const adminToken = readAdminToken(file)
  process.stdout.write(`${await makeSignInLink(env, adminToken, userInfo().username)}\n`)
} catch (error) {
  failToStart(error)
}

function readAdminToken(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (cause) {
    throw new AppError(
      'data_dir_unusable',
      `cannot read ${file}: run this where Ronda runs, with the same RONDA_DATA_DIR`,
      { cause },
    )
  }
}
