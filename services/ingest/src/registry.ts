// The registry's only writer. A change is one commit of the device's row and of a record in the stream
// `registry`, from where registry-relay.ts brings it into the log: what is registered is never missing there,
// whatever crashes in between. It is told as done when it is in the log.
import { randomInt } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { newToken, sha256Hex } from '@ronda/access/secrets'
import type { Backbone, Row, Write } from '@ronda/backbone/backbone'
import { encodeJson } from '@ronda/backbone/record-codec'
import type { City } from '@ronda/contracts/city'
import { Device, type DevicePatch, type DeviceRow, NewDevice } from '@ronda/contracts/device'
import { AppError } from '@ronda/contracts/errors'
import type { RegistryChange } from '@ronda/contracts/record'
import { DeviceId } from '@ronda/contracts/topics'
import { type ImportedDevice, type StatedDevice, importRefused } from './device-csv.ts'
import type { RegistryRelay } from './registry-relay.ts'

/** Rows of an import that are looked at before others have their turn. */
const rowsPerTurn = 500

export interface Registry {
  /** Registers a device; its token is told this once. Throws `device_exists`, `validation_failed`. */
  register(device: NewDevice, by: string): Promise<{ device: Device; token: string }>
  /** Throws `not_found`, `revision_conflict`, `validation_failed`, `device_retired`. */
  update(id: string, patch: DevicePatch, by: string): Promise<Device>
  /** Ends its connections and closes its faults; the id stays blocked. */
  retire(id: string, by: string): Promise<Device>
  /** A new token; the old one ends, and so does the session that used it. */
  rotateToken(id: string, by: string): Promise<string>
  /** New hardware in the same place: a new token and serial. */
  replace(id: string, serial: string | undefined, by: string): Promise<{ device: Device; token: string }>
  /**
   * Registers what is new and updates what differs, in one commit: all or nothing. With `reissue` known devices get
   * new tokens too. Throws `validation_failed` with the problems of all rows, `revision_conflict` when a device was
   * changed meanwhile.
   */
  importAll(rows: readonly StatedDevice[], by: string, options: { reissue: boolean }): Promise<ImportedDevice[]>
}

export interface RegistryDeps {
  backbone: Backbone
  relay: Pick<RegistryRelay, 'caughtUp'>
  city: City
  /** ms UTC of stamped time. */
  now: () => number
}

interface Change {
  write: Write
  change: RegistryChange
}

/** What becomes of a row of an import; no change where it states what is registered. */
interface Outcome {
  imported: ImportedDevice
  change?: Change
}

export function createRegistry({ backbone, relay, city, now }: RegistryDeps): Registry {
  const bucket = backbone.bucket('devices')
  const districts = new Set(city.districts.features.map(({ properties }) => properties.slug))
  const agencies = new Set(city.profile.agencies.map(({ id }) => id))

  /** What the schema alone cannot know. */
  function* problemsOf({ district, agency }: Pick<NewDevice, 'district' | 'agency'>): Iterable<string> {
    if (!districts.has(district)) {
      yield `district: ${district} is none of ${city.profile.name}; there are ${[...districts].join(', ')}`
    }
    if (agency !== undefined && !agencies.has(agency)) {
      yield `agency: ${agency} is none of ${city.profile.name}; there are ${[...agencies].join(', ')}`
    }
  }

  function check(device: Pick<NewDevice, 'district' | 'agency'>): void {
    const problems = [...problemsOf(device)]
    if (problems.length > 0) throw new AppError('validation_failed', 'the device does not fit this city', { problems })
  }

  async function live(id: string): Promise<Row<DeviceRow>> {
    const row = await bucket.get(id)
    if (row === undefined) throw new AppError('not_found', `there is no device ${id}`)
    if (row.value.device.retiredAt !== undefined) throw new AppError('device_retired', `the device ${id} is retired`)
    return row
  }

  function changed(
    { key, value, revision }: Row<DeviceRow>,
    device: Device,
    change: RegistryChange['change'],
    by: string,
    token?: string,
  ): Change {
    const tokenSha256 = token === undefined ? value.tokenSha256 : sha256Hex(token)
    return {
      write: { bucket: 'devices', key, value: { device, tokenSha256 }, expectedRevision: revision },
      change: { change, device, by },
    }
  }

  function registered(device: NewDevice, by: string): Change & { device: Device; token: string } {
    const token = newToken()
    const made: Device = { ...device, uid: newUid(), revision: 1 }
    return {
      device: made,
      token,
      write: {
        bucket: 'devices',
        key: made.id,
        value: { device: made, tokenSha256: sha256Hex(token) },
        expectedRevision: 0,
      },
      change: { change: 'registered', device: made, by },
    }
  }

  function outcomeOf(device: NewDevice, row: Row<DeviceRow> | undefined, by: string, reissue: boolean): Outcome {
    if (row === undefined) {
      const change = registered(device, by)
      return { imported: { device: change.device, outcome: 'registered', token: change.token }, change }
    }
    const known = row.value.device
    if (!reissue && isDeepStrictEqual(device, newDeviceOf(known))) {
      return { imported: { device: known, outcome: 'unchanged' } }
    }
    const next: Device = { ...device, uid: known.uid, revision: known.revision + 1 }
    const told = reissue ? { token: newToken() } : {}
    return {
      imported: { device: next, outcome: 'updated', ...told },
      change: changed(row, next, 'updated', by, told.token),
    }
  }

  async function commit(changes: readonly Change[]): Promise<void> {
    await backbone.commit({
      appends: [{ stream: 'registry', records: changes.map(({ change }) => encodeJson(change)) }],
      writes: changes.map(({ write }) => write),
    })
    await relay.caughtUp()
  }

  return {
    async register(device, by) {
      check(device)
      if ((await bucket.get(device.id)) !== undefined) throw exists(device.id)
      const change = registered(device, by)
      await commit([change])
      return change
    },

    async update(id, { revision, ...patch }, by) {
      const row = await live(id)
      const { device } = row.value
      if (revision !== undefined && revision !== device.revision) {
        throw new AppError('revision_conflict', `the device ${id} has revision ${device.revision}, not ${revision}`)
      }
      const next = Device.parse({ ...device, ...patch, revision: device.revision + 1 })
      check(next)
      await commit([changed(row, next, 'updated', by)])
      return next
    },

    async retire(id, by) {
      const row = await live(id)
      const { device } = row.value
      const next = { ...device, retiredAt: now(), revision: device.revision + 1 }
      await commit([changed(row, next, 'retired', by)])
      return next
    },

    async rotateToken(id, by) {
      const row = await live(id)
      const { device } = row.value
      const token = newToken()
      await commit([changed(row, { ...device, revision: device.revision + 1 }, 'updated', by, token)])
      return token
    },

    async replace(id, serial, by) {
      const row = await live(id)
      const { serial: _old, ...device } = row.value.device
      const token = newToken()
      const next: Device = {
        ...device,
        installedAt: now(),
        revision: device.revision + 1,
        ...(serial === undefined ? {} : { serial }),
      }
      await commit([changed(row, next, 'replaced', by, token)])
      return { device: next, token }
    },

    async importAll(rows, by, { reissue }) {
      const problems: string[] = []
      const lines = new Map<string, number>()
      const outcomes: Outcome[] = []
      for (const [index, { line, stated }] of rows.entries()) {
        if (index % rowsPerTurn === 0) await nextTurn()
        const id = DeviceId.safeParse(stated['id'])
        const row = id.success ? await bucket.get(id.data) : undefined
        const { data: device, error } = overlay(row?.value.device, stated)
        if (device === undefined) {
          for (const { path, message } of error.issues) problems.push(`line ${line}: ${path.join('.')}: ${message}`)
          continue
        }
        for (const problem of [...problemsOf(device), ...clashes(device, row?.value.device)]) {
          problems.push(`line ${line}: ${problem}`)
        }
        const first = lines.get(device.id)
        if (first !== undefined) problems.push(`line ${line}: id: ${device.id} is on line ${first} already`)
        lines.set(device.id, line)
        outcomes.push(outcomeOf(device, row, by, reissue))
      }
      if (problems.length > 0) throw importRefused(problems)
      const changes = outcomes.flatMap(({ change }) => change ?? [])
      if (changes.length > 0) await commit(changes)
      return outcomes.map(({ imported }) => imported)
    },
  }
}

/** What is registered with what a row states laid over it. */
function overlay(known: Device | undefined, stated: StatedDevice['stated']) {
  const fields = Object.entries({ ...(known === undefined ? {} : newDeviceOf(known)), ...stated })
  return NewDevice.safeParse(Object.fromEntries(fields.filter(([, value]) => value !== undefined)))
}

/** Of a registered device what an engineer states. */
function newDeviceOf({ uid: _uid, revision: _revision, retiredAt: _retiredAt, ...device }: Device): NewDevice {
  return device
}

function* clashes({ id, kind }: NewDevice, known: Device | undefined): Iterable<string> {
  if (known?.retiredAt !== undefined) yield `id: ${id} is retired`
  if (known !== undefined && known.kind !== kind) yield `kind: ${id} is a ${known.kind}`
}

function exists(id: string): AppError {
  return new AppError('device_exists', `a device ${id} is registered, or was: retired ids stay blocked`)
}

const uidAlphabet = 'abcdefghijklmnopqrstuvwxyz0123456789'

/** Ten characters, 51 bits: never the same twice. */
function newUid(): string {
  return Array.from({ length: 10 }, () => uidAlphabet[randomInt(uidAlphabet.length)]).join('')
}
