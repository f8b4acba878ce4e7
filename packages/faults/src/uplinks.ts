// What devices speak through: gateways, and the networks of sites and districts. Devices are counted for them when one
// is lost, found, moved, or excused; nothing is ever scanned per reading. An uplink is out when most of what is behind
// it is silent, and no single part of it (a cabinet, or a narrower uplink) could explain that by a fault of its own:
// without that part, most of the rest would have to be silent too. It is over when either does not hold any more.
import type { Contactors } from './contactors.ts'
import { type DeviceState, type Standing, conditionOf, isWatched } from './device-state.ts'
import type { Outbox } from './effects.ts'
import type { Outages } from './outages.ts'
import { type Places, districtOf } from './places.ts'
import type { Subject, UplinkLoss } from './rules/rule.ts'
import { type UplinkLimits, uplinkOutage } from './rules/uplink.ts'
import { type Tally, add, newTally, tallied } from './tally.ts'

export interface UplinksDeps {
  outbox: Outbox
  devices: ReadonlyMap<string, DeviceState>
  contactors: Contactors
  outages: Outages
  places: Places
  /** An uplink is out or not any more, or the number of silent devices behind it has changed. */
  onChange: (owner: DeviceState) => void
}

export interface Uplinks {
  /** Applies a change of the registry that may put a device elsewhere, in or out of service. */
  move(state: DeviceState, apply: () => void): void
  /** Counts devices in as they were written, after all supplies are known. */
  restore(states: Iterable<DeviceState>): void
  /** The device was lost, found, or heard for the first time. */
  presence(state: DeviceState): void
  /** What is behind a cabinet may have become dark as it should be, or for a measured reason, or not any more. */
  excuse(cabinet: DeviceState): void
  of(owner: DeviceState): UplinkLoss | undefined
  /** The gateway, site and district that a device or narrower uplink speaks through, the nearest first. */
  above(state: DeviceState): DeviceState[]
  /** Everything behind a gateway, site or district, in no order. */
  behind(owner: DeviceState): Iterable<DeviceState>
  /** Whether there are enough devices behind it for an uplink outage. */
  isFindable(owner: DeviceState): boolean
  /** Tells how many are silent by now; at the end of every step. */
  settle(): void
}

/** From narrow to broad; a cabinet is no uplink, but a part of one. */
const levels = ['cabinet', 'gateway', 'site', 'district'] as const
type Level = (typeof levels)[number]

interface Uplink {
  readonly level: Exclude<Level, 'cabinet'>
  readonly name: string
  readonly devices: Set<DeviceState>
  readonly all: Tally
  /** Of each narrower level, what of it is here, by name. */
  readonly parts: ReadonlyMap<Level, Map<string, Tally>>
}

/** As they hold for an uplink. */
function limitsOf({ rules }: DeviceState): UplinkLimits {
  // The rule's own, by its own names.
  return rules.of(uplinkOutage.code).limits as UplinkLimits
}

/** What it is a part of, itself included. */
function partNames({ id, kind, cabinet, gateway, site, district }: Subject): Record<Level, string | undefined> {
  return {
    cabinet: kind === 'cabinet' ? id : cabinet,
    gateway: kind === 'gateway' ? id : gateway,
    site,
    district,
  }
}

export function createUplinks(deps: UplinksDeps): Uplinks {
  const { outbox, devices, contactors, outages, places, onChange } = deps
  const uplinks = new Map<string, Uplink>()
  /** Those that are out and whose devices were counted in this step. */
  const recounted = new Set<Uplink>()

  function uplinkOf(level: Uplink['level'], name: string): Uplink {
    const key = `${level}:${name}`
    let uplink = uplinks.get(key)
    if (uplink === undefined) {
      const parts = new Map(levels.slice(0, levels.indexOf(level)).map((each) => [each, new Map<string, Tally>()]))
      uplinks.set(key, (uplink = { level, name, devices: new Set(), all: newTally(), parts }))
    }
    return uplink
  }

  /** What a device is behind, the broadest first: causes come before their consequences. */
  function uplinksOf({ id, gateway, site, district }: Subject): Uplink[] {
    const found = [uplinkOf('district', district)]
    if (site !== undefined) found.push(uplinkOf('site', site))
    if (gateway !== undefined && gateway !== id) found.push(uplinkOf('gateway', gateway))
    return found
  }

  function ownerOf({ level, name }: Uplink): DeviceState | undefined {
    if (level !== 'gateway') return places.of(level, name)
    const device = devices.get(name)
    return device?.device.kind === 'gateway' ? device : undefined
  }

  function ownUplink({ device: { kind, id } }: DeviceState): Uplink | undefined {
    return kind === 'gateway' || kind === 'site' || kind === 'district' ? uplinks.get(`${kind}:${id}`) : undefined
  }

  function standingOf(state: DeviceState): Standing {
    if (!isWatched(state)) return 'none'
    const isSilent = state.lostAt !== 0
    const { cabinet: cabinetId } = state.device
    const cabinet = state.supply !== undefined || cabinetId === undefined ? state : devices.get(cabinetId)
    if (cabinet?.supply !== undefined && isSilent) {
      if (outages.covers(cabinet, state, 'out') && outages.isMeasured(cabinet)) return 'none'
    }
    if (state.device.supply === 'switched') {
      const isClosed = cabinet?.supply?.contactorClosed
      if (isClosed === false) return 'none'
      if (isClosed === undefined) return isSilent ? 'silentUnlessDay' : 'heardUnlessDay'
    }
    return isSilent ? 'silent' : 'heard'
  }

  function count(state: DeviceState, by: 1 | -1): void {
    const { standing } = state
    if (standing === 'none') return
    const names = partNames(state.device)
    for (const { all, parts } of uplinksOf(state.device)) {
      add(all, standing, by)
      for (const [level, tallies] of parts) {
        const name = names[level]
        if (name === undefined) continue
        let tally = tallies.get(name)
        if (tally === undefined) tallies.set(name, (tally = newTally()))
        add(tally, standing, by)
        if (tally.devices === 0) tallies.delete(name)
      }
    }
  }

  /** Counts a device as it is by now; true when that is another way than before. */
  function recount(state: DeviceState): boolean {
    if (devices.get(state.id) !== state) return false
    const standing = standingOf(state)
    if (standing === state.standing) return false
    count(state, -1)
    state.standing = standing
    count(state, 1)
    return true
  }

  /** What counts by day as well. Of an outage that is under way everything does: daylight is no sign of life. */
  function isDayFor(owner: DeviceState): boolean {
    return !owner.uplinkOut && contactors.isByDay()
  }

  function isFindable(uplink: Uplink): boolean {
    const owner = ownerOf(uplink)
    return owner?.enabled === true && uplink.all.devices >= limitsOf(owner).outAtLeast
  }

  /** Whether a fault of a part could be found, so that it is not to be taken for one of the whole. */
  function isPartFindable(level: Level, name: string): boolean {
    return level === 'cabinet' ? outages.isFindable(name) : isFindable(uplinkOf(level, name))
  }

  /** A gateway speaks for its uplink, unless a cabinet that supplies both it and others may have failed it. */
  function witness({ level }: Uplink, owner: DeviceState, part: string): UplinkLoss {
    if (level !== 'gateway' || !isWatched(owner)) return nobody
    const isSilent = owner.lostAt !== 0
    if (isSilent && owner.device.cabinet === part && !isFed(devices.get(part))) return nobody
    return { affected: isSilent ? 1 : 0, devices: 1 }
  }

  /** A cabinet that tells of its voltage is not cut. */
  function isFed(cabinet: DeviceState | undefined): boolean {
    return cabinet !== undefined && isWatched(cabinet) && cabinet.lostAt === 0 && !outages.isMeasured(cabinet)
  }

  function isOut(uplink: Uplink, owner: DeviceState): boolean {
    const { outFrom, outAtLeast, overBelow } = limitsOf(owner)
    const isDay = isDayFor(owner)
    const all = tallied(uplink.all, isDay)
    const from = owner.uplinkOut ? overBelow : outFrom
    const isMany = (affected: number, of: number) => affected > 0 && affected >= from * of
    if (!isMany(all.affected, all.devices) || (!owner.uplinkOut && all.affected < outAtLeast)) return false
    for (const [level, tallies] of uplink.parts) {
      for (const [name, tally] of tallies) {
        const part = tallied(tally, isDay)
        if (part.affected === 0) continue
        const other = witness(uplink, owner, name)
        const affected = all.affected - part.affected + other.affected
        // Few parts are large enough to matter.
        if (isMany(affected, all.devices - part.devices + other.devices)) continue
        if (isPartFindable(level, name)) return false
      }
    }
    return true
  }

  function review(uplink: Uplink): void {
    const owner = ownerOf(uplink)
    if (owner?.enabled !== true) return
    const out = isOut(uplink, owner)
    if (out === owner.uplinkOut) {
      if (out) recounted.add(uplink)
      return
    }
    if (out && uplink.level !== 'gateway') places.locate(owner, uplink.devices)
    owner.uplinkOut = out
    outbox.touch(owner)
    onChange(owner)
  }

  function reviewAll(touched: Iterable<Uplink>): void {
    const rank = ({ level, name }: Uplink) => `${levels.length - levels.indexOf(level)} ${name}`
    for (const uplink of [...touched].toSorted((a, b) => (rank(a) < rank(b) ? -1 : 1))) review(uplink)
  }

  /** Those that the devices are behind, and their own: a gateway is a witness of its. */
  function concerned(states: Iterable<DeviceState>, into = new Set<Uplink>()): Set<Uplink> {
    for (const state of states) {
      for (const uplink of uplinksOf(state.device)) into.add(uplink)
      const own = ownUplink(state)
      if (own !== undefined) into.add(own)
    }
    return into
  }

  function excuse(cabinet: DeviceState): void {
    const changed = [cabinet, ...outages.behind(cabinet.id)].filter(recount)
    if (changed.length > 0) reviewAll(concerned(changed))
  }

  function putIn(state: DeviceState): void {
    for (const { devices: members } of uplinksOf(state.device)) members.add(state)
    recount(state)
  }

  return {
    move(state, apply) {
      const touched = concerned([state])
      count(state, -1)
      state.standing = 'none'
      for (const uplink of uplinksOf(state.device)) uplink.devices.delete(state)
      apply()
      if (devices.get(state.id) === state) putIn(state)
      // What was known of a cabinet's contactor and outages may be known no more.
      if (state.supply !== undefined) excuse(state)
      reviewAll(concerned([state], touched))
    },

    restore(states) {
      for (const state of states) putIn(state)
    },

    presence(state) {
      recount(state)
      reviewAll(concerned([state]))
    },

    excuse,

    of(owner) {
      const uplink = owner.uplinkOut ? ownUplink(owner) : undefined
      return uplink === undefined ? undefined : tallied(uplink.all, isDayFor(owner))
    },

    above(state) {
      const { kind } = state.device
      if (kind === 'district') return []
      if (kind === 'site') {
        const uplink = ownUplink(state)
        return uplink === undefined || uplink.devices.size === 0
          ? []
          : [places.of('district', districtOf(uplink.devices))]
      }
      return uplinksOf(state.device)
        .toReversed()
        .flatMap((uplink) => ownerOf(uplink) ?? [])
    },

    behind: (owner) => ownUplink(owner)?.devices ?? [],

    isFindable(owner) {
      const uplink = ownUplink(owner)
      return uplink !== undefined && isFindable(uplink)
    },

    settle() {
      if (recounted.size === 0) return
      for (const uplink of recounted) {
        const owner = ownerOf(uplink)
        if (owner?.uplinkOut === true && isWorthTelling(owner, uplink)) onChange(owner)
      }
      recounted.clear()
    },
  }

  /** Of a small one every device counts, of a large one every hundredth: each telling is an event for everybody. */
  function isWorthTelling(owner: DeviceState, { all }: Uplink): boolean {
    const told = conditionOf(owner, uplinkOutage.code)?.row?.fault.evidence.affected
    const { affected, devices: of } = tallied(all, isDayFor(owner))
    return typeof told !== 'number' || Math.abs(affected - told) >= Math.max(1, of / 100)
  }
}

const nobody: UplinkLoss = { affected: 0, devices: 0 }
