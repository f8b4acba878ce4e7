// Supply behind the cabinets: which phases are dead or low and which circuits have lost their lamps. Lamps are counted
// when one of them goes or comes, per circuit and per phase of a cabinet; nothing is ever scanned per reading.
import type { Contactors } from './contactors.ts'
import { type DeviceState, type Supply, isWatched, patienceMs } from './device-state.ts'
import type { Outbox } from './effects.ts'
import type { LogClock } from './log-clock.ts'
import { type Outage, type ReportedFields, type SupplyTrouble, asNumber } from './rules/rule.ts'
import { type SwellLimits, highVoltage } from './rules/overvoltage.ts'
import type { RuleSet } from './rules/rulebook.ts'
import { type OutageLimits, type SagLimits, feederOutage, lowVoltage, phaseVoltages } from './rules/supply.ts'

export interface OutagesDeps {
  log: LogClock
  outbox: Outbox
  devices: ReadonlyMap<string, DeviceState>
  contactors: Contactors
  /** Of a cabinet that changes nothing about them: what makes a lamp one without voltage is the same everywhere. */
  limits: OutageLimits
  /** What is out or low behind a cabinet has changed. */
  onChange: (cabinet: DeviceState) => void
  /** As much is out behind a cabinet as before, but maybe other numbers of lamps. */
  onRecount: (cabinet: DeviceState) => void
  /** Whether what is behind a cabinet is dark as it should be, or for a measured reason, may have changed. */
  onExcuse: (cabinet: DeviceState) => void
}

export interface Outages {
  /** Applies a change of the registry that may put a device elsewhere, in or out of service. */
  move(state: DeviceState, apply: () => void): void
  /** Counts devices in as they were written. */
  restore(states: Iterable<DeviceState>): void
  /** The device was lost, found, or heard for the first time. */
  presence(state: DeviceState): void
  report(state: DeviceState, fields: ReportedFields): void
  /** Takes a lamp that is still without supply as gone from now on. */
  renew(state: DeviceState): void
  of(cabinet: DeviceState): Outage | undefined
  /** Whether a trouble with the supply behind a cabinet reaches a device; the cabinet has all of its troubles. */
  covers(cabinet: DeviceState, state: DeviceState, trouble: SupplyTrouble): boolean
  /** Whether an outage is more than silence: a phase or a lamp was measured without voltage. */
  isMeasured(cabinet: DeviceState): boolean
  /** Whether all circuits behind a cabinet are out. */
  isWhole(cabinet: DeviceState): boolean
  /** Whether enough lamps behind a cabinet ought to have supply for a cut of it to be found by them. */
  isFindable(cabinetId: string): boolean
  /** Lamps that are gone with the circuits and phases that are out. */
  goneWith(cabinet: DeviceState): ReadonlySet<DeviceState>
  /** Everything behind a cabinet, in no order. */
  behind(cabinetId: string): Iterable<DeviceState>
  /** Tells of the lamps that went and came during outages; at the end of every step. */
  settle(): void
}

interface Group {
  readonly key: string
  readonly part: 'circuit' | 'phase'
  readonly name: string
  /** Watched lamps. */
  readonly lamps: Set<DeviceState>
  readonly gone: Set<DeviceState>
  /** How many of each are behind a contactor. */
  switchedLamps: number
  switchedGone: number
}

interface Feeder {
  readonly devices: Set<DeviceState>
  readonly groups: Map<string, Group>
  /** `isMeasured` as it was told last. */
  wasMeasured: boolean
}

/** Lamps without a stated circuit are one circuit together. */
function groupKeys({ device }: DeviceState): string[] {
  const circuit = `circuit:${device.circuit ?? ''}`
  return device.phase === undefined ? [circuit] : [circuit, `phase:${device.phase}`]
}

function isSwitched({ device }: DeviceState): boolean {
  return device.supply === 'switched'
}

/** As they hold for a cabinet. */
export function limitsOf({ rules }: { rules: RuleSet }): OutageLimits {
  // The rule's own, by its own names.
  return rules.of(feederOutage.code).limits as OutageLimits
}

function sagLimitsOf({ rules }: DeviceState): SagLimits {
  return rules.of(lowVoltage.code).limits as SagLimits
}

function swellLimitsOf({ rules }: DeviceState): SwellLimits {
  return rules.of(highVoltage.code).limits as SwellLimits
}

function isCountable(state: DeviceState): boolean {
  return state.device.kind === 'streetlight' && isWatched(state)
}

export function createOutages({
  log,
  outbox,
  devices,
  contactors,
  limits,
  onChange,
  onRecount,
  onExcuse,
}: OutagesDeps): Outages {
  const feeders = new Map<string, Feeder>()
  /** Cabinets with an outage whose lamps were looked at in this step. */
  const recounted = new Set<DeviceState>()

  function feederOf(cabinetId: string): Feeder {
    let feeder = feeders.get(cabinetId)
    if (feeder === undefined)
      feeders.set(cabinetId, (feeder = { devices: new Set(), groups: new Map(), wasMeasured: false }))
    return feeder
  }

  function groupOf({ groups }: Feeder, key: string): Group {
    let group = groups.get(key)
    if (group === undefined) {
      const part = key.startsWith('phase:') ? 'phase' : 'circuit'
      const name = key.slice(part.length + 1)
      group = { key, part, name, lamps: new Set(), gone: new Set(), switchedLamps: 0, switchedGone: 0 }
      groups.set(key, group)
    }
    return group
  }

  function setGone(group: Group, state: DeviceState, isGone: boolean): void {
    if (group.gone.has(state) === isGone) return
    if (isGone) group.gone.add(state)
    else group.gone.delete(state)
    if (isSwitched(state)) group.switchedGone += isGone ? 1 : -1
  }

  /** Nobody knows the contactor of a lost cabinet: what is all behind it and was out is until cabinet or lamps tell. */
  function isHeld({ key, lamps, switchedLamps }: Group, { lostAt, supply }: DeviceState): boolean {
    return lostAt !== 0 && switchedLamps === lamps.size && supply?.groupsOut.includes(key) === true
  }

  /** Lamps that ought to have supply now, and how many of them do not. */
  function count(group: Group, cabinet: DeviceState): { lamps: number; gone: number; isOpen: boolean } {
    const isOpen = group.switchedLamps > 0 && contactors.isOpen(cabinet) && !isHeld(group, cabinet)
    return {
      lamps: group.lamps.size - (isOpen ? group.switchedLamps : 0),
      gone: group.gone.size - (isOpen ? group.switchedGone : 0),
      isOpen,
    }
  }

  function wentTogether(
    group: Group,
    { poweredAt }: Supply,
    { isOpen, enough, onsetMs }: { isOpen: boolean; enough: number; onsetMs: number },
  ): boolean {
    let together = 0
    for (const lamp of group.gone) {
      if (isOpen && isSwitched(lamp)) continue
      const isRecent = lamp.affectedAt >= log.time - Math.max(onsetMs, lamp.intervalMs)
      if (isRecent && lamp.affectedAt > poweredAt) together++
    }
    return together >= enough
  }

  function isOut(group: Group, cabinet: DeviceState, supply: Supply): boolean {
    const { lamps, gone, isOpen } = count(group, cabinet)
    const { overBelow, outAtLeast, outFrom, onsetMs } = limitsOf(cabinet)
    if (supply.groupsOut.includes(group.key)) return gone > 0 && gone >= overBelow * lamps
    const enough = Math.max(outAtLeast, outFrom * lamps)
    return gone >= enough && wentTogether(group, supply, { isOpen, enough, onsetMs })
  }

  function changed(cabinet: DeviceState, supply: Supply): void {
    outbox.touch(cabinet)
    if (outageOf(cabinet) === undefined) supply.poweredAt = log.time
    feederOf(cabinet.id).wasMeasured = isMeasured(cabinet)
    onChange(cabinet)
    onExcuse(cabinet)
  }

  function goneWith({ id, supply }: DeviceState): Set<DeviceState> {
    const gone = new Set<DeviceState>()
    for (const key of supply?.groupsOut ?? []) for (const lamp of groupOf(feederOf(id), key).gone) gone.add(lamp)
    return gone
  }

  function isMeasured(cabinet: DeviceState): boolean {
    if (cabinet.supply === undefined) return false
    if (phasesOut(cabinet.supply).length > 0) return true
    const feeder = feederOf(cabinet.id)
    return cabinet.supply.groupsOut.some((key) => {
      for (const { deadReports } of groupOf(feeder, key).gone) if (deadReports >= limits.deadReports) return true
      return false
    })
  }

  /** An outage found by silence is measured by the first lamp that tells of it, and no more with the last. */
  function remeasure(cabinet: DeviceState): void {
    const feeder = feederOf(cabinet.id)
    if (isMeasured(cabinet) === feeder.wasMeasured) return
    feeder.wasMeasured = !feeder.wasMeasured
    onChange(cabinet)
    onExcuse(cabinet)
  }

  /** Looks again at these circuits and phases of a cabinet, and at those that are out. */
  function review(cabinetId: string | undefined, keys: Iterable<string>): void {
    const cabinet = cabinetId === undefined ? undefined : devices.get(cabinetId)
    if (cabinet?.supply === undefined || !cabinet.enabled) return
    const { supply } = cabinet
    const feeder = feederOf(cabinet.id)
    const out = new Set(supply.groupsOut)
    for (const key of new Set([...keys, ...out])) {
      if (isOut(groupOf(feeder, key), cabinet, supply)) out.add(key)
      else out.delete(key)
    }
    const isSame = out.size === supply.groupsOut.length && supply.groupsOut.every((key) => out.has(key))
    if (isSame) {
      if (out.size === 0) return
      recounted.add(cabinet)
      remeasure(cabinet)
      return
    }
    supply.groupsOut = [...out].toSorted()
    changed(cabinet, supply)
  }

  /** Like a silent one, a lamp without voltage is given time from when its supply was switched on. */
  function isDead(state: DeviceState): boolean {
    if (state.deadReports < limits.deadReports || contactors.isOff(state, state.deadSince)) return false
    return state.affectedAt !== 0 || log.time > contactors.suppliedAt(state) + patienceMs(state)
  }

  /** A lamp counts as gone while it is lost or has no voltage. */
  function reviewLamp(state: DeviceState): void {
    const isGone = state.lostAt !== 0 || isDead(state)
    if (isGone === (state.affectedAt !== 0)) return
    state.affectedAt = isGone ? log.time : 0
    outbox.touch(state)
    const { cabinet } = state.device
    if (cabinet === undefined) return
    const feeder = feederOf(cabinet)
    for (const key of groupKeys(state)) setGone(groupOf(feeder, key), state, isGone)
    if (!isGone) believeLamps(devices.get(cabinet), feeder, state)
    review(cabinet, groupKeys(state))
  }

  /** A lost cabinet does not tell that its voltage is back, but lamps that come back do. */
  function believeLamps(cabinet: DeviceState | undefined, feeder: Feeder, lamp: DeviceState): void {
    if (cabinet?.supply === undefined || cabinet.lostAt === 0 || phasesOut(cabinet.supply).length === 0) return
    const isBack = groupKeys(lamp).every((key) => {
      const { lamps, gone } = count(groupOf(feeder, key), cabinet)
      return gone < limitsOf(cabinet).overBelow * lamps
    })
    if (!isBack) return
    const { phases } = cabinet.supply
    const { phase } = lamp.device
    for (const [name, state] of Object.entries(phases))
      if (phase === undefined || phase === name) Object.assign(state, { out: false, back: 0 })
    changed(cabinet, cabinet.supply)
  }

  function reportLamp(state: DeviceState, voltageV: number | undefined): void {
    if (voltageV === undefined) return
    // The usual case first: a lamp with voltage, as it had before.
    if (voltageV >= limits.noVoltageBelowV && state.deadReports === 0) return
    if (voltageV >= limits.noVoltageBelowV) state.deadReports = 0
    else if (state.deadReports < limits.deadReports) state.deadReports++
    if (state.deadReports === 1) state.deadSince = log.time
    reviewLamp(state)
  }

  function reportContactor(cabinet: DeviceState, supply: Supply, isClosed: boolean): void {
    const was = supply.contactorClosed
    supply.contactorClosed = isClosed
    supply.contactorAt = log.time
    if (isClosed && was !== true) supply.closedAt = log.time
    if (isClosed === was) return
    review(cabinet.id, feederOf(cabinet.id).groups.keys())
    onExcuse(cabinet)
  }

  function reportPhases(cabinet: DeviceState, supply: Supply, fields: ReportedFields): void {
    const nominal = cabinet.nominalV
    const { noVoltageBelowV, backFrom, backReports } = limitsOf(cabinet)
    const { lowBelow, fineAbove } = sagLimitsOf(cabinet)
    const { highAbove, fineBelow } = swellLimitsOf(cabinet)
    const backV = backFrom * nominal
    let isChanged = false
    let isTroubleChanged = false
    let cameBack = false
    for (const [name, field] of phaseVoltages) {
      const voltageV = asNumber(fields[field])
      if (voltageV === undefined) continue
      const phase = (supply.phases[name] ??= { out: false, low: false, high: false, deadV: 0, back: 0 })
      const isLow = phase.low ? voltageV <= fineAbove * nominal : voltageV < lowBelow * nominal
      const isHigh = voltageV > (phase.high ? fineBelow : highAbove) * nominal
      isTroubleChanged ||= isLow !== phase.low || isHigh !== phase.high
      phase.low = isLow
      phase.high = isHigh
      if (voltageV < noVoltageBelowV) {
        if (!phase.out) phase.deadV = voltageV
        isChanged ||= !phase.out
        phase.out = true
        phase.back = 0
      } else if (phase.out) {
        phase.back = voltageV >= backV ? phase.back + 1 : 0
        if (phase.back < backReports) continue
        phase.out = false
        phase.back = 0
        isChanged = true
        cameBack = true
        supply.groupsOut = supply.groupsOut.filter((key) => key !== `phase:${name}`)
      }
    }
    // What the lamps have not told yet the cabinet knows: with the last dead phase, its circuits are back too.
    if (cameBack && phasesOut(supply).length === 0) supply.groupsOut = []
    if (isChanged) changed(cabinet, supply)
    else if (isTroubleChanged) onChange(cabinet)
  }

  function phasesOut({ phases }: Supply): Outage['phases'] {
    return phaseVoltages.flatMap(([name]) => {
      const phase = phases[name]
      return phase?.out === true ? [{ name, voltageV: phase.deadV }] : []
    })
  }

  function outageOf(cabinet: DeviceState): Outage | undefined {
    const { supply } = cabinet
    if (supply === undefined) return undefined
    const phases = phasesOut(supply)
    const [key] = supply.groupsOut
    if (key === undefined) return phases.length === 0 ? undefined : { phases }
    const group = groupOf(feederOf(cabinet.id), key)
    const { lamps, gone } = count(group, cabinet)
    return { phases, group: { part: group.part, name: group.name, affected: gone, lamps } }
  }

  function takeOut(state: DeviceState): void {
    const { cabinet } = state.device
    const feeder = cabinet === undefined ? undefined : feeders.get(cabinet)
    if (feeder === undefined) return
    feeder.devices.delete(state)
    for (const key of groupKeys(state)) {
      const group = groupOf(feeder, key)
      if (!group.lamps.has(state)) continue
      setGone(group, state, false)
      group.lamps.delete(state)
      if (isSwitched(state)) group.switchedLamps--
    }
  }

  function putIn(state: DeviceState): void {
    const { cabinet } = state.device
    if (cabinet === undefined) return
    const feeder = feederOf(cabinet)
    feeder.devices.add(state)
    if (!isCountable(state)) return
    for (const key of groupKeys(state)) {
      const group = groupOf(feeder, key)
      if (group.lamps.has(state)) continue
      group.lamps.add(state)
      if (isSwitched(state)) group.switchedLamps++
      setGone(group, state, state.affectedAt !== 0)
    }
  }

  return {
    move(state, apply) {
      const { cabinet: oldCabinet } = state.device
      const oldKeys = groupKeys(state)
      takeOut(state)
      apply()
      if (devices.get(state.id) === state) putIn(state)
      if (state.supply !== undefined) {
        const feeder = feederOf(state.id)
        feeder.wasMeasured = isMeasured(state)
        review(state.id, feeder.groups.keys())
      }
      review(oldCabinet, oldKeys)
      review(state.device.cabinet, groupKeys(state))
    },

    restore(states) {
      for (const state of states) putIn(state)
      for (const [id, feeder] of feeders) {
        const cabinet = devices.get(id)
        if (cabinet !== undefined) feeder.wasMeasured = isMeasured(cabinet)
      }
    },

    presence(state) {
      const { supply } = state
      if (supply?.contactorClosed !== undefined && state.lostAt !== 0) {
        // Nobody knows how the contactor of a lost cabinet is.
        supply.contactorClosed = undefined
        onExcuse(state)
      }
      if (state.device.kind !== 'streetlight') return
      putIn(state)
      reviewLamp(state)
    },

    report(state, fields) {
      if (state.rules.kind === 'streetlight') reportLamp(state, asNumber(fields.voltageV))
      if (state.supply === undefined) return
      reportPhases(state, state.supply, fields)
      if (typeof fields.contactorClosed === 'boolean') reportContactor(state, state.supply, fields.contactorClosed)
      // A circuit is not out any more when all of its lamps are meant to be dark, or none are left.
      if (state.supply.groupsOut.length > 0) review(state.id, [])
    },

    renew(state) {
      if (state.affectedAt === 0) return
      state.affectedAt = log.time
      outbox.touch(state)
      review(state.device.cabinet, groupKeys(state))
    },

    of: outageOf,

    covers(cabinet, state, trouble) {
      const { supply } = cabinet
      if (supply === undefined) return false
      const phases = Object.values(supply.phases)
      const groupsOut = trouble === 'out' ? supply.groupsOut : []
      if (state === cabinet) return groupsOut.length > 0 || phases.some((each) => each[trouble])
      if (groupKeys(state).some((key) => groupsOut.includes(key))) return true
      const { phase } = state.device
      if (phase !== undefined && supply.phases[phase] !== undefined) return supply.phases[phase][trouble]
      // On which phase it is nobody knows: it is certain only of all of them.
      return phases.length > 0 && phases.every((each) => each[trouble])
    },

    isMeasured,

    isWhole({ id, supply }) {
      const circuits = [...(feeders.get(id)?.groups.values() ?? [])].filter(
        ({ part, lamps }) => part === 'circuit' && lamps.size > 0,
      )
      return circuits.length > 0 && circuits.every(({ key }) => supply?.groupsOut.includes(key) === true)
    },

    isFindable(cabinetId) {
      const cabinet = devices.get(cabinetId)
      if (cabinet?.enabled !== true) return false
      for (const group of feeders.get(cabinetId)?.groups.values() ?? []) {
        if (count(group, cabinet).lamps >= limitsOf(cabinet).outAtLeast) return true
      }
      return false
    },

    goneWith,

    behind: (cabinetId) => feeders.get(cabinetId)?.devices ?? [],

    settle() {
      if (recounted.size === 0) return
      for (const cabinet of recounted) onRecount(cabinet)
      recounted.clear()
    },
  }
}
