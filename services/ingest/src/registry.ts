// The registry's only writer. A change is one commit of the device's row and of a record in the stream
// `registry`, from where registry-relay.ts brings it into the log: what is registered is never missing there,
// whatever crashes in between. It is told as done when it is in the log. The same commit has its entry of the audit
// trail, and takes what is registered off the pending devices.
import { setImmediate as nextTurn } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { createAuditedCommit } from '@ronda/access/audit'
import { firstIssue } from '@ronda/access/issued-token'
import { newToken } from '@ronda/access/secrets'
import type { Backbone, Row } from '@ronda/backbone/backbone'
import { encodeJson } from '@ronda/backbone/record-codec'
import type { AuditEntry } from '@ronda/contracts/audit'
import type { City } from '@ronda/contracts/city'
import { Device, type DevicePatch, type DeviceRow, NewDevice } from '@ronda/contracts/device'
import { AppError } from '@ronda/contracts/errors'
import { DeviceId } from '@ronda/contracts/topics'
import { overrideProblems } from '@ronda/faults/rules/overrides'
import { type ImportedDevice, type StatedDevice, importRefused } from './device-csv.ts'
import { type Change, type ChangeWithToken, changed, registered, reissued } from './registry-change.ts'
import type { RegistryRelay } from './registry-relay.ts'

/** Rows of an import that are looked at before others have their turn. */
const rowsPerTurn = 500

export type DeviceWithToken = Pick<ChangeWithToken, 'device' | 'token'>

/** `by`: who asks, as records of the log name them. */
export interface Registry {
  /** Throws `device_exists`, `validation_failed`. */
  register(device: NewDevice, by: string): Promise<DeviceWithToken>
  /** Throws `not_found`, `revision_conflict`, `validation_failed`, `device_retired`. */
  update(id: string, patch: DevicePatch, by: string): Promise<Device>
  /** Ends its connections and closes its faults; the id stays blocked. */
  retire(id: string, by: string): Promise<Device>
  /** The old token goes on for `overlapS`, the one before it ends. Throws `not_found`, `device_retired`. */
  issueToken(id: string, overlapS: number, by: string): Promise<DeviceWithToken>
  /** The same for many in one commit, in their order. Throws `validation_failed` with the problems of all. */
  issueTokens(ids: readonly string[], overlapS: number, by: string): Promise<DeviceWithToken[]>
  /** New hardware in the same place: a new token and serial. What the old hardware knows ends. */
  replace(id: string, serial: string | undefined, by: string): Promise<DeviceWithToken>
  /**
   * Registers what is new and updates what differs, in one commit: all or nothing. Throws `validation_failed` with
   * the problems of all rows, `revision_conflict` when a device was changed meanwhile.
   */
  importAll(rows: readonly StatedDevice[], by: string, options: ImportOptions): Promise<ImportedDevice[]>
}

export interface ImportOptions {
  /** Known devices get new tokens too. */
  reissue: boolean
  /** Seconds that their old ones go on. */
  overlapS: number
}

export interface RegistryDeps {
  backbone: Backbone
  relay: Pick<RegistryRelay, 'caughtUp'>
  city: City
  /** ms UTC of stamped time. */
  now: () => number
  /** ms UTC by the system's clock: the time of tokens. */
  systemNow: () => number
}

/** What of a device depends on more than its form. */
type Stated = Pick<NewDevice, 'kind' | 'district' | 'agency' | 'rules'>

/** What the audit trail says of a change. */
type Told = Pick<AuditEntry, 'did' | 'what'>

/** What becomes of a row of an import; no change where it states what is registered. */
interface Outcome {
  imported: ImportedDevice
  change?: Change
}

export function createRegistry({ backbone, relay, city, now, systemNow }: RegistryDeps): Registry {
  const bucket = backbone.bucket('devices')
  const commitAudited = createAuditedCommit(backbone, now)
  const districts = new Set(city.districts.features.map(({ properties }) => properties.slug))
  const agencies = new Set(city.profile.agencies.map(({ id }) => id))

  /** What the schema alone cannot know. */
  function* problemsOf({ kind, district, agency, rules }: Stated): Iterable<string> {
    if (!districts.has(district)) {
      yield `district: ${district} is none of ${city.profile.name}; there are ${[...districts].join(', ')}`
    }
    if (agency !== undefined && !agencies.has(agency)) {
      yield `agency: ${agency} is none of ${city.profile.name}; there are ${[...agencies].join(', ')}`
    }
    yield* overrideProblems(rules, { kind, city: city.profile.rules })
  }

  function check(device: Stated): void {
    const problems = [...problemsOf(device)]
    if (problems.length > 0) throw new AppError('validation_failed', 'the device does not fit this city', { problems })
  }

  /** The row of a device that is there, or why there is none. */
  async function lookUp(id: string): Promise<Row<DeviceRow> | AppError> {
    const row = await bucket.get(id)
    if (row === undefined) return new AppError('not_found', `there is no device ${id}`)
    return row.value.device.retiredAt === undefined
      ? row
      : new AppError('device_retired', `the device ${id} is retired`)
  }

  async function live(id: string): Promise<Row<DeviceRow>> {
    const found = await lookUp(id)
    if (found instanceof AppError) throw found
    return found
  }

  function outcomeOf(
    device: NewDevice,
    row: Row<DeviceRow> | undefined,
    by: string,
    { reissue, overlapS }: ImportOptions,
  ): Outcome {
    if (row === undefined) {
      const change = registered(device, by)
      return { imported: { device: change.device, outcome: 'registered', token: change.token }, change }
    }
    const known = row.value.device
    const next: Device = { ...device, uid: known.uid, revision: known.revision }
    if (reissue) {
      const change = reissued(row, next, by, { overlapS, now: systemNow() })
      return { imported: { device: change.device, outcome: 'updated', token: change.token }, change }
    }
    if (isDeepStrictEqual(device, newDeviceOf(known))) return { imported: { device: known, outcome: 'unchanged' } }
    const change = changed(row, next, 'updated', by)
    return { imported: { device: change.device, outcome: 'updated' }, change }
  }

  async function commit(changes: readonly Change[], by: string, told: Told): Promise<void> {
    await commitAudited(
      { who: by, ...told },
      {
        appends: [{ stream: 'registry', records: changes.map(({ change }) => encodeJson(change)) }],
        writes: changes.flatMap(({ writes }) => writes),
      },
    )
    await relay.caughtUp()
  }

  return {
    async register(device, by) {
      check(device)
      if ((await bucket.get(device.id)) !== undefined) throw exists(device.id)
      const change = registered(device, by)
      await commit([change], by, { did: 'registered a device', what: device.id })
      return change
    },

    async update(id, { revision, ...patch }, by) {
      const row = await live(id)
      const { device } = row.value
      if (revision !== undefined && revision !== device.revision) {
        throw new AppError('revision_conflict', `the device ${id} has revision ${device.revision}, not ${revision}`)
      }
      const next = Device.parse({ ...device, ...patch })
      check(next)
      const change = changed(row, next, 'updated', by)
      await commit([change], by, { did: 'changed a device', what: id })
      return change.device
    },

    async retire(id, by) {
      const row = await live(id)
      const { device, tokenSha256 } = row.value
      const change = changed(row, { ...device, retiredAt: now() }, 'retired', by, { tokenSha256 })
      await commit([change], by, { did: 'retired a device', what: id })
      return change.device
    },

    async issueToken(id, overlapS, by) {
      const row = await live(id)
      const change = reissued(row, row.value.device, by, { overlapS, now: systemNow() })
      await commit([change], by, { did: 'issued a token to a device', what: id })
      return change
    },

    async issueTokens(ids, overlapS, by) {
      const found = await Promise.all(ids.map(lookUp))
      const problems = found.flatMap((each) => (each instanceof AppError ? [each.message] : []))
      if (problems.length > 0) throw new AppError('validation_failed', 'no token was issued', { problems })
      const rows = found.filter((each): each is Row<DeviceRow> => !(each instanceof AppError))
      const issue = { overlapS, now: systemNow() }
      const changes = rows.map((row) => reissued(row, row.value.device, by, issue))
      await commit(changes, by, { did: 'issued tokens to devices', what: ids.join() })
      return changes
    },

    async replace(id, serial, by) {
      const row = await live(id)
      const { serial: _old, ...device } = row.value.device
      const token = newToken()
      const next: Device = { ...device, installedAt: now(), ...(serial === undefined ? {} : { serial }) }
      const change = changed(row, next, 'replaced', by, firstIssue(token))
      await commit([change], by, { did: 'replaced a device', what: id })
      return { device: change.device, token }
    },

    async importAll(rows, by, options) {
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
        outcomes.push(outcomeOf(device, row, by, options))
      }
      if (problems.length > 0) throw importRefused(problems)
      const changes = outcomes.flatMap(({ change }) => change ?? [])
      const imported = outcomes.map((outcome) => outcome.imported)
      if (changes.length > 0) await commit(changes, by, { did: 'imported devices', what: summaryOf(imported) })
      return imported
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

function summaryOf(imported: readonly ImportedDevice[]): string {
  const count = (wanted: (each: ImportedDevice) => boolean) => imported.filter(wanted).length
  const registered = count(({ outcome }) => outcome === 'registered')
  const updated = count(({ outcome }) => outcome === 'updated')
  const tokens = count(({ token }) => token !== undefined)
  return `${registered} registered, ${updated} updated, ${tokens} tokens`
}
