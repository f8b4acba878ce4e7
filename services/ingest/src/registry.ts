// The registry's only writer. A change is one commit of the device's row and of a record in the stream
// `registry`, from where registry-relay.ts brings it into the log: what is registered is never missing there,
// whatever crashes in between. It is told as done when it is in the log. The same commit has its entry of the audit
// trail, and takes what is registered off the pending devices.
import { createAuditedCommit } from '@ronda/access/audit'
import { firstIssue } from '@ronda/access/issued-token'
import { newToken } from '@ronda/access/secrets'
import type { Backbone, Row } from '@ronda/backbone/backbone'
import { encodeJson } from '@ronda/backbone/record-codec'
import type { AuditEntry } from '@ronda/contracts/audit'
import type { City } from '@ronda/contracts/city'
import { Device, type DevicePatch, type DeviceRow, type NewDevice } from '@ronda/contracts/device'
import { AppError } from '@ronda/contracts/errors'
import { overrideProblems } from '@ronda/faults/rules/overrides'
import { type DeviceTable, type ImportedDevice, importRefused } from './device-csv.ts'
import { type ImportPlan, type Misfit, type PlannedRow, type Stated, planImport } from './import-plan.ts'
import { type Change, type ChangeWithToken, changed, registered, reissued } from './registry-change.ts'
import type { RegistryRelay } from './registry-relay.ts'

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
   * the problems of all rows, `revision_conflict` when a device was changed since the preview or meanwhile.
   */
  importAll(table: DeviceTable, by: string, options: ImportOptions): Promise<ImportedDevice[]>
  /** What an import would do; nothing is changed. */
  preview(table: DeviceTable, options: Pick<ImportOptions, 'reissue'>): Promise<ImportPlan>
}

export interface ImportOptions {
  /** Known devices get new tokens too. */
  reissue: boolean
  /** Seconds that their old ones go on. */
  overlapS: number
  /** Of a preview: it is imported only if it would still do what was previewed. */
  basis?: string | undefined
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

/** What the audit trail says of a change. */
type Told = Pick<AuditEntry, 'did' | 'what'>

/** What has become of a row of an import; no change where it states what is registered. */
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
  function* misfits({ kind, district, agency, rules }: Stated): Iterable<Misfit> {
    if (!districts.has(district)) {
      const detail = `district: ${district} is none of ${city.profile.name}; there are ${[...districts].join(', ')}`
      yield { column: 'district', code: 'district_unknown', detail }
    }
    if (agency !== undefined && !agencies.has(agency)) {
      const detail = `agency: ${agency} is none of ${city.profile.name}; there are ${[...agencies].join(', ')}`
      yield { column: 'agency', code: 'agency_unknown', detail }
    }
    for (const detail of overrideProblems(rules, { kind, city: city.profile.rules })) {
      yield { column: 'rules', code: 'rules_unfit', detail }
    }
  }

  function check(device: Stated): void {
    const problems = Array.from(misfits(device), ({ detail }) => detail)
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

  function plan(table: DeviceTable, { reissue }: { reissue: boolean }): Promise<ImportPlan> {
    return planImport(table, { bucket, misfits, reissue })
  }

  function outcomeOf(
    { device, known, outcome, token: isReissued }: PlannedRow,
    by: string,
    { overlapS }: ImportOptions,
  ): Outcome {
    if (known === undefined) {
      const change = registered(device, by)
      return { imported: { device: change.device, outcome, token: change.token }, change }
    }
    const before = known.value.device
    if (outcome === 'unchanged') return { imported: { device: before, outcome } }
    const next: Device = { ...device, uid: before.uid, revision: before.revision }
    if (!isReissued) {
      const change = changed(known, next, 'updated', by)
      return { imported: { device: change.device, outcome }, change }
    }
    const change = reissued(known, next, by, { overlapS, now: systemNow() })
    return { imported: { device: change.device, outcome, token: change.token }, change }
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
      const fields = Object.entries({ ...device, ...patch })
      const next = Device.parse(Object.fromEntries(fields.filter(([, value]) => value !== null)))
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

    preview: plan,

    async importAll(table, by, { basis, ...options }) {
      const planned = await plan(table, options)
      if (planned.problems.length > 0) throw importRefused(planned.problems)
      if (basis !== undefined && basis !== planned.basis) {
        throw new AppError('revision_conflict', 'this import would do something else by now: have it previewed again')
      }
      const outcomes = planned.rows.map((row) => outcomeOf(row, by, options))
      const changes = outcomes.flatMap(({ change }) => change ?? [])
      const imported = outcomes.map((outcome) => outcome.imported)
      if (changes.length > 0) await commit(changes, by, { did: 'imported devices', what: summaryOf(imported) })
      return imported
    },
  }
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
