// The registry's only writer. A change is one commit of the device's row and of a record in the stream
// `registry`, from where registry-relay.ts brings it into the log: what is registered is never missing there,
// whatever crashes in between. It is told as done when it is in the log.
import { randomInt } from 'node:crypto'
import { newToken, sha256Hex } from '@ronda/access/secrets'
import type { Backbone, Row, Write } from '@ronda/backbone/backbone'
import { encodeJson } from '@ronda/backbone/record-codec'
import type { City } from '@ronda/contracts/city'
import { Device, type DevicePatch, type DeviceRow, type NewDevice } from '@ronda/contracts/device'
import { AppError } from '@ronda/contracts/errors'
import type { RegistryChange } from '@ronda/contracts/record'
import type { RegistryRelay } from './registry-relay.ts'

/** Rows of one commit: bounded, so that nobody waits long for it. */
const rowsPerCommit = 2_000

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
  /** Registers what is new and updates what differs. Throws `validation_failed` with all problems, before any change. */
  importAll(devices: readonly { line: number; device: NewDevice }[], by: string): Promise<ImportedDevice[]>
}

export interface ImportedDevice {
  device: Device
  outcome: 'registered' | 'updated' | 'unchanged'
  /** Only of a registered one. */
  token?: string
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

    async importAll(devices, by) {
      const problems = devices.flatMap(({ line, device }) =>
        [...problemsOf(device)].map((each) => `line ${line}: ${each}`),
      )
      const rows = new Map((await bucket.list()).map((row) => [row.key, row]))
      const lines = new Map<string, number>()
      for (const { line, device } of devices) {
        const first = lines.get(device.id)
        if (first !== undefined) problems.push(`line ${line}: id: ${device.id} is on line ${first} already`)
        lines.set(device.id, line)
        const known = rows.get(device.id)?.value.device
        if (known?.retiredAt !== undefined) problems.push(`line ${line}: id: ${device.id} is retired`)
        if (known !== undefined && known.kind !== device.kind)
          problems.push(`line ${line}: kind: ${device.id} is a ${known.kind}`)
      }
      if (problems.length > 0) throw new AppError('validation_failed', 'nothing was imported', { problems })

      const changes: Change[] = []
      const imported = devices.map(({ device }): ImportedDevice => {
        const row = rows.get(device.id)
        if (row === undefined) {
          const change = registered(device, by)
          changes.push(change)
          return { device: change.device, outcome: 'registered', token: change.token }
        }
        const { uid, revision } = row.value.device
        if (sameDevice(device, row.value.device)) return { device: row.value.device, outcome: 'unchanged' }
        const next: Device = { ...device, uid, revision: revision + 1 }
        changes.push(changed(row, next, 'updated', by))
        return { device: next, outcome: 'updated' }
      })
      for (let first = 0; first < changes.length; first += rowsPerCommit) {
        await commit(changes.slice(first, first + rowsPerCommit))
      }
      return imported
    },
  }
}

function exists(id: string): AppError {
  return new AppError('device_exists', `a device ${id} is registered, or was: retired ids stay blocked`)
}

/** Whether an import states what is registered already. */
function sameDevice(stated: NewDevice, registered: Device): boolean {
  const { uid: _uid, revision: _revision, retiredAt: _retiredAt, ...known } = registered
  const keys = new Set([...Object.keys(stated), ...Object.keys(known)]) as Set<keyof NewDevice>
  return [...keys].every((key) => JSON.stringify(stated[key]) === JSON.stringify(known[key]))
}

const uidAlphabet = 'abcdefghijklmnopqrstuvwxyz0123456789'

/** Ten characters, 51 bits: never the same twice. */
function newUid(): string {
  return Array.from({ length: 10 }, () => uidAlphabet[randomInt(uidAlphabet.length)]).join('')
}
