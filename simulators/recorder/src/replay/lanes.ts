// Which connection a message is played through: one for all, or that of the device whose topic it is.
import { readFileSync } from 'node:fs'
import { AppError } from '@ronda/contracts/errors'
import { parseTopic } from '@ronda/contracts/topics'
import { parse } from 'csv-parse/sync'
import { z } from 'zod'
import type { Login } from '../broker.ts'
import { type Lane, type LaneDeps, createLane } from './lane.ts'

export interface Lanes {
  /** Undefined where nobody's credentials are known, or they were refused. */
  laneOf(topic: string): Lane | undefined
  close(): Promise<void>
}

type Deps = Omit<LaneDeps, 'login'>

/** Connections that are opened at once: a broker takes its time for each. */
const opensAtOnce = 100

/** Throws as `Lane.open`. */
export async function openSharedLane(deps: Deps, login: Login | undefined): Promise<Lanes> {
  const lane = createLane({ ...deps, login })
  await lane.open()
  return { laneOf: () => lane, close: lane.close }
}

/** One for each device that `topics` are of. Throws as `Lane.open` for all but refused credentials: `onRefused` hears of these. */
export async function openDeviceLanes(deps: Deps, { topics, tokens, onRefused }: DeviceLanes): Promise<Lanes> {
  const lanes = new Map<string, Lane>()
  const wanted = new Set([...topics].flatMap((topic) => parseTopic(topic)?.deviceId ?? []))
  const known = [...tokens].filter(([id]) => wanted.has(id)).values()

  async function openInTurn(): Promise<void> {
    for (const [username, password] of known) {
      const lane = createLane({ ...deps, login: { username, password } })
      try {
        await lane.open()
        lanes.set(username, lane)
      } catch (error) {
        if (!(error instanceof AppError && error.code === 'mqtt_credentials_refused')) throw error
        onRefused(username)
      }
    }
  }
  async function close(): Promise<void> {
    await Promise.all([...lanes.values()].map((lane) => lane.close()))
  }
  try {
    await Promise.all(Array.from({ length: opensAtOnce }, openInTurn))
  } catch (error) {
    await close()
    throw error
  }
  return {
    laneOf: (topic) => lanes.get(parseTopic(topic)?.deviceId ?? ''),
    close,
  }
}

export interface DeviceLanes {
  topics: ReadonlySet<string>
  /** By device id. */
  tokens: ReadonlyMap<string, string>
  onRefused: (deviceId: string) => void
}

const Rows = z.array(z.object({ id: z.string().min(1), token: z.string() }))

/** Throws `config_invalid`. */
export function readTokens(file: string): Map<string, string> {
  try {
    const rows = Rows.parse(parse(readFileSync(file, 'utf8'), { columns: true }))
    // The answer of an import tells no token of a device that was there before.
    return new Map(rows.filter(({ token }) => token !== '').map(({ id, token }) => [id, token]))
  } catch (cause) {
    const why = cause instanceof Error && 'code' in cause ? String(cause.code) : 'it has no columns id and token'
    throw new AppError('config_invalid', `--credentials: ${file} cannot be read: ${why}`, { cause })
  }
}
