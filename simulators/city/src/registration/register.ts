// Registers the planned devices and gets a token for each. What was simulated before and is not planned any more
// is disabled, so that it is not missed; what an operator has retired stays out of the plan.
import type { NewDevice } from '@ronda/contracts/device'
import { AppError } from '@ronda/contracts/errors'
import type { Logger } from '@ronda/runtime/log'
import { simulatedTag } from '../plan/planner.ts'
import type { Api } from './api.ts'
import type { Credentials } from './credentials.ts'
import type { ImportedRow } from './csv.ts'

export interface RegisterDeps {
  api: Api
  credentials: Credentials
  log: Logger
}

/** Rows of one request: few enough that it is answered while someone waits. */
const rowsPerImport = 2_000
const rotationsAtOnce = 16

/** Resolves with the devices that may connect; `credentials` then has the token of each. */
export async function register(
  plan: readonly NewDevice[],
  { api, credentials, log }: RegisterDeps,
): Promise<NewDevice[]> {
  const { devices, imported } = await importPlan(plan, api, credentials)
  const unplanned = await disableUnplanned(plan, api)
  const tokenless = devices.filter(({ id }) => !credentials.tokens.has(id)).map(({ id }) => id)
  await rotateTokens(tokenless, api, credentials)
  const count = (outcome: ImportedRow['outcome']) => imported.filter((row) => row.outcome === outcome).length
  log.info(
    {
      registered: count('registered'),
      updated: count('updated'),
      unchanged: count('unchanged'),
      newTokens: tokenless.length,
      disabled: unplanned,
      retired: plan.length - devices.length,
    },
    'devices registered',
  )
  return devices
}

async function importPlan(plan: readonly NewDevice[], api: Api, credentials: Credentials) {
  try {
    return { devices: [...plan], imported: await importAll(plan, api, credentials) }
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'validation_failed') throw error
    const retired = await api.retiredIds()
    const devices = plan.filter(({ id }) => !retired.has(id))
    // Nothing of ours is retired: the problem is another one.
    if (devices.length === plan.length) throw error
    return { devices, imported: await importAll(devices, api, credentials) }
  }
}

async function importAll(devices: readonly NewDevice[], api: Api, credentials: Credentials): Promise<ImportedRow[]> {
  const imported: ImportedRow[] = []
  for (let first = 0; first < devices.length; first += rowsPerImport) {
    const rows = await api.importDevices(devices.slice(first, first + rowsPerImport))
    credentials.learn(new Map(rows.flatMap(({ id, token }) => (token === undefined ? [] : [[id, token]]))))
    imported.push(...rows)
  }
  return imported
}

/** Devices of an earlier, larger or other plan; returns how many. */
async function disableUnplanned(plan: readonly NewDevice[], api: Api): Promise<number> {
  const planned = new Set(plan.map(({ id }) => id))
  const unplanned = (await api.exportDevices()).filter(
    ({ id, tags, enabled }) => enabled && !planned.has(id) && tags?.includes(simulatedTag) === true,
  )
  for (let first = 0; first < unplanned.length; first += rowsPerImport) {
    const rows = unplanned.slice(first, first + rowsPerImport)
    await api.importDevices(rows.map((device) => ({ ...device, enabled: false })))
  }
  return unplanned.length
}

async function rotateTokens(ids: readonly string[], api: Api, credentials: Credentials): Promise<void> {
  const waiting = ids.values()
  const tokens = new Map<string, string>()
  // Several take from one list, each as soon as it has an answer.
  const rotate = async () => {
    for (const id of waiting) tokens.set(id, await api.rotateToken(id))
  }
  try {
    await Promise.all(Array.from({ length: rotationsAtOnce }, rotate))
  } finally {
    credentials.learn(tokens)
  }
}
