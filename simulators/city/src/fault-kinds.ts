// The faults that a simulated device can have, named by the rule that detects them, and how often and how long
// they occur by themselves. Durations are longer than the rule's delay, so that the city has something to show.
import type { Phase } from '@ronda/contracts/device'
import type { DeviceKind } from '@ronda/contracts/topics'

export interface FaultKindFacts {
  /** Kinds of device that can have it, and their shares of the random ones in percent. */
  kinds: Partial<Record<DeviceKind, number>>
  /** Its share of the random faults in percent, taken among those that can begin. */
  share: number
  /** Shortest and mean duration of a random one, in minutes. */
  leastMin: number
  meanMin: number
  /** When a random one begins: a lamp fails while it burns, and only by day it is wrong to burn. */
  begins: 'any time' | 'by night' | 'by day'
  /** The device notices by itself and reports at once, without waiting for its interval. */
  noticed: boolean
  /** What happens, for --help and documents. */
  meaning: string
}

export const faultKinds = {
  lamp_failure: {
    kinds: { streetlight: 100 },
    share: 30,
    leastMin: 4,
    meanMin: 10,
    begins: 'by night',
    noticed: true,
    meaning: 'a lamp takes no power and says so',
  },
  day_burner: {
    kinds: { streetlight: 100 },
    share: 14,
    leastMin: 4,
    meanMin: 12,
    begins: 'by day',
    noticed: true,
    meaning: 'a lamp burns by day and says so',
  },
  low_voltage: {
    kinds: { streetlight: 50, cabinet: 50 },
    share: 6,
    leastMin: 14,
    meanMin: 22,
    begins: 'any time',
    noticed: false,
    meaning: 'a phase of a cabinet sags to 83–88 % of its voltage, or one lamp alone has a bad joint',
  },
  video_loss: {
    kinds: { camera: 100 },
    share: 12,
    leastMin: 3,
    meanMin: 8,
    begins: 'any time',
    noticed: true,
    meaning: 'a camera has no picture',
  },
  image_tamper: {
    kinds: { camera: 100 },
    share: 9,
    leastMin: 2,
    meanMin: 6,
    begins: 'any time',
    noticed: true,
    meaning: 'a camera is covered, dazzled or turned away',
  },
  uplink_degraded: {
    kinds: { 'access-point': 100 },
    share: 7,
    leastMin: 18,
    meanMin: 28,
    begins: 'any time',
    noticed: false,
    meaning: 'an access point loses packets and answers late',
  },
  comm_loss: {
    kinds: { streetlight: 60, cabinet: 4, camera: 18, 'access-point': 14, gateway: 4 },
    share: 19,
    leastMin: 4,
    meanMin: 8,
    begins: 'any time',
    noticed: false,
    meaning: 'a device drops off without a word; what it measured meanwhile comes when it is back',
  },
  feeder_outage: {
    kinds: { cabinet: 100 },
    share: 3,
    leastMin: 3,
    meanMin: 6,
    begins: 'any time',
    noticed: true,
    meaning: 'one phase of a cabinet or all three are dead, and the lamps on them are silent',
  },
} as const satisfies Record<string, FaultKindFacts>

export type FaultKind = keyof typeof faultKinds
export const faultKindNames = Object.keys(faultKinds) as readonly FaultKind[]

/** A fault that a device has now. */
export interface ActiveFault {
  /** ms UTC, stamped. */
  since: number
  /** For faults of a cabinet: the phases it concerns. */
  phases: readonly Phase[]
  /** 0–1: how bad, or which of its forms. */
  degree: number
}

export type ActiveFaults = Readonly<Partial<Record<FaultKind, ActiveFault>>>

export const noFaults: ActiveFaults = Object.freeze({})

export function canHave(kind: DeviceKind, fault: FaultKind): boolean {
  return Object.hasOwn(faultKinds[fault].kinds, kind)
}
