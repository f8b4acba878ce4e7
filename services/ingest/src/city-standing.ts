// How the devices of the city are, counted from what the detector keeps: when each was heard last, and which faults are
// open. A hundred thousand rows are read for it, in pieces.
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Backbone } from '@ronda/backbone/backbone'
import type { CityStanding, DeviceStanding, Standings } from '@ronda/contracts/city-standing'
import type { Device, DeviceRow } from '@ronda/contracts/device'
import { type Fault, severities } from '@ronda/contracts/fault'
import type { DeviceKind } from '@ronda/contracts/topics'
import { scan } from './api/pages.ts'
import { createKnowledgeReader } from './knowledge-reader.ts'

const devicesPerTurn = 500

export interface CityStandingDeps {
  backbone: Backbone
  devices: { values(): Iterable<DeviceRow> }
}

export async function readCityStanding({ backbone, devices }: CityStandingDeps): Promise<CityStanding> {
  const { wrong, faults } = await readFaults(backbone)
  const at = (await backbone.bucket('system').get('detector'))?.value.logTime ?? 0
  const knowledgeOf = createKnowledgeReader(backbone)

  async function standingOf(device: Device): Promise<DeviceStanding> {
    if (!device.enabled) return 'disabled'
    const known = await knowledgeOf(device)
    if (known.seenAt === 0) return 'neverSeen'
    const found = wrong.get(device.id)
    if (found !== undefined) return found
    return known.unknownSince(at) === undefined ? 'working' : 'unheard'
  }

  const groups = new Map<string, { kind: DeviceKind; district: string; standings: Standings }>()
  let counted = 0
  for (const { device } of devices.values()) {
    if (device.retiredAt !== undefined) continue
    const { kind, district } = device
    const key = `${kind} ${district}`
    const group = groups.get(key) ?? { kind, district, standings: none() }
    groups.set(key, group)
    group.standings[await standingOf(device)]++
    counted += 1
    if (counted % devicesPerTurn === 0) await nextTurn()
  }
  return { at, groups: [...groups.values()], faults }
}

async function readFaults(backbone: Backbone) {
  /** Of a device with an active fault, by id. */
  const wrong = new Map<string, 'faulty' | 'silent'>()
  const faults = severities.map((severity) => ({ severity, active: 0, unacknowledged: 0 }))
  for await (const { value } of scan(backbone.bucket('faults'))) {
    const { fault } = value
    if (!fault.active) continue
    if (!isOfPlace(fault) && wrong.get(fault.deviceId) !== 'silent') {
      wrong.set(fault.deviceId, fault.code === 'comm_loss' ? 'silent' : 'faulty')
    }
    const ofSeverity = faults.find(({ severity }) => severity === fault.severity)
    if (fault.parentId !== undefined || ofSeverity === undefined) continue
    ofSeverity.active += 1
    if (!fault.acknowledged) ofSeverity.unacknowledged += 1
  }
  return { wrong, faults }
}

/** Its `deviceId` is a slug, which may be a device's id as well. */
const isOfPlace = ({ kind }: Fault) => kind === 'site' || kind === 'district'

const none = (): Standings => ({ working: 0, unheard: 0, faulty: 0, silent: 0, neverSeen: 0, disabled: 0 })
