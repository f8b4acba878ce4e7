// The table of all rules. A new rule is a new entry here: nothing else knows them by name.
import { channelCongested, clientOverload, radioDown, uplinkDegraded } from './access-point.ts'
import { clockDrift, commLoss, isVendorCode, vendorRule } from './any-device.ts'
import { doorOpen } from './cabinet.ts'
import { imageBlurry, imageTamper, lowFrameRate, videoLoss } from './camera.ts'
import { columnTilt } from './column.ts'
import {
  controlGearCommFailure,
  controlGearFailure,
  openCircuit,
  shortCircuit,
  thermalDerating,
  thermalShutdown,
} from './control-gear.ts'
import { highPower, lowPowerFactor } from './load.ts'
import { highVoltage } from './overvoltage.ts'
import { recordingGap, storageFailure, temperatureCritical } from './recorder.ts'
import { type Rule, once } from './rule.ts'
import { dayBurner, lampFailure } from './streetlight.ts'
import { feederOutage, lowVoltage } from './supply.ts'
import { cyclingFailure, relayFailure } from './switching.ts'
import { uplinkOutage } from './uplink.ts'

export const rules: readonly Rule[] = [
  lampFailure,
  dayBurner,
  cyclingFailure,
  controlGearFailure,
  controlGearCommFailure,
  openCircuit,
  shortCircuit,
  thermalDerating,
  thermalShutdown,
  relayFailure,
  lowPowerFactor,
  lowVoltage,
  highVoltage,
  highPower,
  columnTilt,
  doorOpen,
  feederOutage,
  uplinkOutage,
  commLoss,
  clockDrift,
  videoLoss,
  lowFrameRate,
  imageTamper,
  imageBlurry,
  storageFailure,
  recordingGap,
  temperatureCritical,
  radioDown,
  channelCongested,
  clientOverload,
  uplinkDegraded,
]

const byCode = new Map(rules.map((rule) => [rule.code, rule]))

/** The rule of a code, also of a device's own; undefined when there is none. */
export function knownRule(code: string): Rule | undefined {
  return byCode.get(code) ?? (isVendorCode(code) ? vendorRule(code) : undefined)
}

/** The rule of an open fault; one that the table does not know any more finds nothing, and people may close it. */
export function ruleOf(code: string): Rule {
  return knownRule(code) ?? unknownRule(code)
}

function unknownRule(code: string): Rule {
  return {
    code,
    kinds: [],
    severity: 'warning',
    on: 'report',
    raise: once,
    clear: once,
    limits: {},
    scales: {},
    ordered: [],
    about: { en: '', id: '' },
    hint: { en: '', id: '' },
    find: () => 'nothing',
    evidence: () => ({}),
    message: () => ({ en: code, id: code }),
  }
}
