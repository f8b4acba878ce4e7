// The faults that the simulated city can have, named by the rule that detects them, and how often and how long
// they occur by themselves. Durations are longer than the rule's delay, so that the city has something to show.
import type { Phase } from '@ronda/contracts/device'
import type { DeviceKind } from '@ronda/contracts/topics'

/** Where many devices share one uplink. */
export const placeKinds = ['site', 'district'] as const
export type PlaceKind = (typeof placeKinds)[number]

/** What can be at fault. */
export type SubjectKind = DeviceKind | PlaceKind

export function isPlaceKind(kind: SubjectKind): kind is PlaceKind {
  return kind === 'site' || kind === 'district'
}

export interface FaultKindFacts {
  /** Kinds of subject that can have it, and their shares of the random ones in percent. */
  kinds: Partial<Record<SubjectKind, number>>
  /** Its share of the random faults in percent, taken among those that can be seen. */
  share: number
  /** Shortest and mean duration of a random one, in minutes. */
  leastMin: number
  meanMin: number
  /** When it can be seen; a random one begins then, and is mended when it can be seen to be. */
  seen: 'any time' | 'by night' | 'by day'
  /** What the device calls it in `faults`; absent where it does not know, and only measures what is wrong. */
  reports?: string
  /** The device notices by itself and sends a reading at once, without waiting for its interval. */
  noticed: boolean
  /** Of a cabinet: how many phases it concerns. */
  phases?: 'one' | 'one or all'
  /** Devices that must be behind the subject of a random one, so that it is more than their own trouble. */
  leastBehind?: number
  /** What happens, for --help and documents. */
  meaning: string
}

export const faultKinds = {
  lamp_failure: {
    kinds: { streetlight: 100 },
    share: 21,
    leastMin: 4,
    meanMin: 10,
    seen: 'by night',
    reports: 'lamp_failure',
    noticed: true,
    meaning: 'a lamp takes no power and says so',
  },
  day_burner: {
    kinds: { streetlight: 100 },
    share: 12,
    leastMin: 4,
    meanMin: 12,
    seen: 'by day',
    reports: 'day_burner',
    noticed: true,
    meaning: 'a lamp burns by day and says so',
  },
  cycling_failure: {
    kinds: { streetlight: 100 },
    share: 3,
    leastMin: 40,
    meanMin: 50,
    seen: 'by night',
    noticed: false,
    meaning: 'a lamp goes out and starts again, over and over; only its count of switchings tells',
  },
  control_gear_failure: {
    kinds: { streetlight: 100 },
    share: 3,
    leastMin: 4,
    meanMin: 12,
    seen: 'by night',
    reports: 'control_gear_failure',
    noticed: true,
    meaning: 'the driver of a lamp is dead, and its controller says so',
  },
  control_gear_comm_failure: {
    kinds: { streetlight: 100 },
    share: 2,
    leastMin: 4,
    meanMin: 12,
    seen: 'by night',
    reports: 'control_gear_comm_failure',
    noticed: true,
    meaning: 'a driver does not answer its controller, and burns at full power of its own accord',
  },
  light_source_open_circuit: {
    kinds: { streetlight: 100 },
    share: 2,
    leastMin: 4,
    meanMin: 12,
    seen: 'by night',
    reports: 'light_source_open_circuit',
    noticed: true,
    meaning: 'the LEDs of a lamp are disconnected, and its driver says so',
  },
  light_source_short_circuit: {
    kinds: { streetlight: 100 },
    share: 2,
    leastMin: 4,
    meanMin: 12,
    seen: 'by night',
    reports: 'light_source_short_circuit',
    noticed: true,
    meaning: 'the LEDs of a lamp are shorted, and its driver says so',
  },
  thermal_derating: {
    kinds: { streetlight: 100 },
    share: 2,
    leastMin: 8,
    meanMin: 20,
    seen: 'by night',
    reports: 'thermal_derating',
    noticed: true,
    meaning: 'a driver is too hot and dims its lamp by itself',
  },
  thermal_shutdown: {
    kinds: { streetlight: 100 },
    share: 2,
    leastMin: 6,
    meanMin: 15,
    seen: 'by night',
    reports: 'thermal_shutdown',
    noticed: true,
    meaning: 'a driver is so hot that it has switched its lamp off',
  },
  relay_failure: {
    kinds: { streetlight: 100 },
    share: 2,
    leastMin: 8,
    meanMin: 15,
    seen: 'by night',
    noticed: false,
    meaning: 'a lamp that is told to be off in the night burns on',
  },
  low_power_factor: {
    kinds: { streetlight: 100 },
    share: 2,
    leastMin: 8,
    meanMin: 20,
    seen: 'by night',
    noticed: false,
    meaning: 'the capacitor of a driver is worn: a power factor of 0.62–0.80',
  },
  low_voltage: {
    kinds: { streetlight: 50, cabinet: 50 },
    share: 3,
    leastMin: 14,
    meanMin: 22,
    seen: 'any time',
    noticed: false,
    phases: 'one',
    meaning: 'a phase of a cabinet sags to 83–88 % of its voltage, or one lamp alone has a bad joint',
  },
  high_voltage: {
    kinds: { streetlight: 50, cabinet: 50 },
    share: 3,
    leastMin: 14,
    meanMin: 22,
    seen: 'any time',
    noticed: false,
    phases: 'one',
    meaning: 'a phase of a cabinet rises to 113–122 % of its voltage, or one lamp alone has a loose neutral',
  },
  high_power: {
    kinds: { streetlight: 100 },
    share: 2,
    leastMin: 8,
    meanMin: 20,
    seen: 'by night',
    noticed: false,
    meaning: 'a lamp takes 135–165 % of the power that is expected',
  },
  column_tilt: {
    kinds: { streetlight: 100 },
    share: 2,
    leastMin: 5,
    meanMin: 25,
    seen: 'any time',
    noticed: true,
    meaning: 'a column has been run into and leans by 15–35° until it is set up again',
  },
  door_open: {
    kinds: { cabinet: 100 },
    share: 3,
    leastMin: 8,
    meanMin: 15,
    seen: 'any time',
    noticed: true,
    meaning: 'the door of a cabinet stands open',
  },
  feeder_outage: {
    kinds: { cabinet: 100 },
    share: 2,
    leastMin: 3,
    meanMin: 6,
    seen: 'any time',
    noticed: true,
    phases: 'one or all',
    meaning: 'one phase of a cabinet or all three are dead, and the lamps on them are silent',
  },
  uplink_outage: {
    kinds: { gateway: 20, site: 30, district: 50 },
    share: 1,
    leastMin: 6,
    meanMin: 9,
    seen: 'any time',
    noticed: false,
    leastBehind: 10,
    meaning: 'the uplink of a gateway, a site or a whole district is cut, and all behind it drop off',
  },
  comm_loss: {
    kinds: { streetlight: 60, cabinet: 4, camera: 18, 'access-point': 14, gateway: 4 },
    share: 11,
    leastMin: 4,
    meanMin: 8,
    seen: 'any time',
    noticed: false,
    meaning: 'a device drops off without a word; what it measured meanwhile comes when it is back',
  },
  clock_drift: {
    kinds: { streetlight: 60, cabinet: 10, camera: 15, 'access-point': 10, gateway: 5 },
    share: 2,
    leastMin: 8,
    meanMin: 20,
    seen: 'any time',
    noticed: false,
    meaning: 'the clock of a device is 4–12 min fast or slow',
  },
  video_loss: {
    kinds: { camera: 100 },
    share: 4,
    leastMin: 3,
    meanMin: 8,
    seen: 'any time',
    noticed: true,
    meaning: 'a camera has no picture',
  },
  low_frame_rate: {
    kinds: { camera: 100 },
    share: 2,
    leastMin: 8,
    meanMin: 15,
    seen: 'any time',
    noticed: false,
    meaning: 'a camera sends 15–40 % of the frames that it should',
  },
  image_tamper: {
    kinds: { camera: 100 },
    share: 2,
    leastMin: 2,
    meanMin: 6,
    seen: 'any time',
    noticed: true,
    meaning: 'a camera is covered, dazzled or turned away',
  },
  image_blurry: {
    kinds: { camera: 100 },
    share: 1,
    leastMin: 14,
    meanMin: 24,
    seen: 'any time',
    noticed: true,
    meaning: 'the lens of a camera is dirty or out of focus',
  },
  storage_failure: {
    kinds: { camera: 100 },
    share: 1,
    leastMin: 5,
    meanMin: 15,
    seen: 'any time',
    noticed: true,
    meaning: 'the card of a camera has failed or is full; the recorder behind it goes on',
  },
  recording_gap: {
    kinds: { camera: 100 },
    share: 1,
    leastMin: 8,
    meanMin: 14,
    seen: 'any time',
    noticed: false,
    meaning: 'a camera has a picture that nobody records',
  },
  temperature_critical: {
    kinds: { camera: 100 },
    share: 1,
    leastMin: 4,
    meanMin: 15,
    seen: 'any time',
    reports: 'temperature_critical',
    noticed: true,
    meaning: 'the housing of a camera has 76–88 °C, and it says so',
  },
  radio_down: {
    kinds: { 'access-point': 100 },
    share: 1,
    leastMin: 4,
    meanMin: 15,
    seen: 'any time',
    noticed: false,
    meaning: 'one of the two radios of an access point is dead',
  },
  channel_congested: {
    kinds: { 'access-point': 100 },
    share: 1,
    leastMin: 38,
    meanMin: 50,
    seen: 'any time',
    noticed: false,
    meaning: 'strangers fill the channel of an access point: much in use, much sent twice',
  },
  client_overload: {
    kinds: { 'access-point': 100 },
    share: 1,
    leastMin: 130,
    meanMin: 150,
    seen: 'any time',
    noticed: false,
    meaning: 'a gathering: 56–72 clients at one access point for hours',
  },
  uplink_degraded: {
    kinds: { 'access-point': 100 },
    share: 2,
    leastMin: 18,
    meanMin: 28,
    seen: 'any time',
    noticed: false,
    meaning: 'an access point loses packets and answers late',
  },
  'vendor:surge_arrester_worn': {
    kinds: { streetlight: 60, cabinet: 40 },
    share: 1,
    leastMin: 4,
    meanMin: 15,
    seen: 'any time',
    reports: 'surge_arrester_worn',
    noticed: true,
    meaning: 'a device reports a code of its maker that no rule knows: its surge arrester is worn',
  },
} as const satisfies Record<string, FaultKindFacts>

export type FaultKind = keyof typeof faultKinds
export const faultKindNames = Object.keys(faultKinds) as readonly FaultKind[]

/** A fault that a subject has now. */
export interface ActiveFault {
  /** ms UTC, stamped. */
  since: number
  /** For faults of a cabinet: the phases it concerns. */
  phases: readonly Phase[]
  /** 0–1: how bad, or which of its forms. */
  degree: number
  /** Of a clock: ms by which it is ahead, negative behind; as the degree has it when absent. */
  skewMs?: number
}

export type ActiveFaults = Readonly<Partial<Record<FaultKind, ActiveFault>>>

export const noFaults: ActiveFaults = Object.freeze({})

export function factsOf(kind: FaultKind): FaultKindFacts {
  return faultKinds[kind]
}

export function canHave(kind: SubjectKind, fault: FaultKind): boolean {
  return Object.hasOwn(faultKinds[fault].kinds, kind)
}

/** The kinds of fault that are present; nearly always none. */
export function kindsIn(faults: ActiveFaults): FaultKind[] {
  // Its keys are kinds of fault.
  return faults === noFaults ? [] : (Object.keys(faults) as FaultKind[])
}
