// Cameras: a steady picture by day and a thinner one by night, and the traffic that they count.
import type { CameraEvent } from '@ronda/contracts/camera-event'
import type { Telemetry } from '@ronda/contracts/telemetry'
import type { ActiveFault } from '../active-faults.ts'
import { createRandom, drift, jitter, subkey, uniform } from '../random.ts'
import type { Unit } from '../unit.ts'
import { round } from './round.ts'
import { uptimeS } from './uptime.ts'
import { createWeekCurve } from './week-curve.ts'
import type { World } from './world.ts'

const hourMs = 3_600_000
const use = { frameRate: 60, bitrate: 61, storage: 62, heat: 63, frame: 64, events: 65 } as const
const frameRates = [15, 25, 25, 30]

const traffic = createWeekCurve(
  [8, 5, 4, 4, 8, 25, 60, 95, 90, 70, 60, 62, 66, 62, 60, 66, 82, 100, 92, 70, 52, 38, 25, 14].map(percent),
  [14, 9, 6, 5, 6, 14, 28, 42, 55, 64, 70, 72, 70, 66, 64, 66, 72, 78, 80, 76, 64, 48, 34, 22].map(percent),
)

/** 0–1: how busy the roads are. */
export function trafficAt(world: World, t: number): number {
  return traffic.at(world.sun.localMs(t))
}

export function measureCamera(world: World, camera: Unit, t: number): Omit<Telemetry<'camera'>, 'faults'> {
  const { key, faults } = camera
  const expectedFps = frameRates[Math.floor(uniform(subkey(key, use.frameRate)) * frameRates.length)] ?? 25
  const { video_loss: lost, low_frame_rate: slow, image_blurry: blurry, storage_failure: storage } = faults
  const tamper = faults.image_tamper === undefined ? undefined : tamperings[tamperingIndex(faults.image_tamper.degree)]
  const rate = lost !== undefined ? 0 : slow === undefined ? 1 : 0.17 + 0.22 * slow.degree
  const fps = rate * expectedFps * (0.97 + 0.03 * jitter(subkey(key, use.frame), t))
  const light = world.sun.altitude(t) > 0 ? 1 : 0.55
  const motion = 0.75 + 0.35 * trafficAt(world, t)
  const wander = 1 + 0.08 * drift(subkey(key, use.bitrate), t, 5 * 60_000)
  const detail = (tamper?.detail ?? 1) * (blurry === undefined ? 1 : 0.6 - 0.2 * blurry.degree)
  const lastFrameAgeMs = lost === undefined ? 20 + 60 * uniform(subkey(key, use.frame), t) : 80 + t - lost.since
  return {
    online: true,
    fps: round(fps, 1),
    expectedFps,
    bitrateKbps: round(rate * expectedFps * 160 * light * motion * wander * detail, 0),
    lastFrameAgeMs: round(lastFrameAgeMs, 0),
    recording: lost === undefined && faults.recording_gap === undefined,
    storageFreePct: round(freePct(camera, t), 1),
    temperatureC: round(housingC(world, camera, t), 1),
    uptimeS: uptimeS(camera, t),
    blurry: blurry !== undefined,
    tooDark: tamper?.flag === 'tooDark',
    tooBright: tamper?.flag === 'tooBright',
    sceneChange: tamper?.flag === 'sceneChange',
    signalLoss: lost !== undefined,
    storageFailed: hasFailedCard(storage),
  }
}

/** Half of the failures of storage are dead cards, the others cards that are not emptied any more. */
function hasFailedCard(storage: ActiveFault | undefined): boolean {
  return storage !== undefined && storage.degree < 0.5
}

function freePct({ key, faults: { storage_failure: storage } }: Unit, t: number): number {
  if (storage === undefined) return 18 + 6 * drift(subkey(key, use.storage), t, 24 * hourMs)
  return hasFailedCard(storage) ? 0 : 0.5 + 3 * storage.degree
}

function housingC(world: World, { key, faults: { temperature_critical: hot } }: Unit, t: number): number {
  const noise = 2 * jitter(subkey(key, use.heat), t)
  return hot === undefined ? world.sun.ambientC(t) + 14 + noise : 78 + 8 * hot.degree + noise
}

/** How a camera is tampered with, and how much of its bitrate the picture then still needs. */
const tamperings = [
  { flag: 'tooDark', detail: 0.12 },
  { flag: 'sceneChange', detail: 0.8 },
  { flag: 'tooBright', detail: 0.25 },
] as const

function tamperingIndex(degree: number): number {
  return Math.min(tamperings.length - 1, Math.floor(degree * tamperings.length))
}

/** At the busiest time a camera sees something about twice a minute. */
export const eventsPerHour = 120

const eventKinds = [
  { rule: 'object-count', weight: 45, most: 24 },
  { rule: 'line-crossing', weight: 40, most: 1 },
  { rule: 'motion', weight: 9, most: 1 },
  { rule: 'loitering', weight: 4, most: 1 },
  { rule: 'intrusion', weight: 2, most: 1 },
] as const
const roadUsers = [
  { objectClass: 'motorcycle', weight: 46 },
  { objectClass: 'car', weight: 30 },
  { objectClass: 'person', weight: 12 },
  { objectClass: 'truck', weight: 5 },
  { objectClass: 'bus', weight: 3 },
  { objectClass: 'bicycle', weight: 3 },
  { objectClass: 'animal', weight: 1 },
] as const
const lanes = ['lane-1', 'lane-2', 'crosswalk']
const ways = ['inbound', 'outbound']

/** What a camera sees at a moment, should it see something; a camera without a fair picture sees nothing. */
export function cameraEvent(world: World, { key, faults }: Unit, t: number): CameraEvent | undefined {
  if (faults.video_loss !== undefined || faults.image_tamper !== undefined) return undefined
  const random = createRandom(subkey(key, use.events), String(t))
  if (random.next() >= trafficAt(world, t)) return undefined
  const kind = eventKinds[random.weighted(eventKinds.map(({ weight }) => weight))]
  const who = roadUsers[random.weighted(roadUsers.map(({ weight }) => weight))]
  if (kind === undefined || who === undefined) throw new Error('some kind of event has a weight')
  const isPerson = kind.rule === 'loitering' || kind.rule === 'intrusion'
  return {
    ts: t,
    rule: kind.rule,
    objectClass: isPerson ? 'person' : who.objectClass,
    count: 1 + Math.round(kind.most * trafficAt(world, t) * random.next() - 0.5),
    zone: random.pick(lanes),
    direction: random.pick(ways),
    confidence: round(random.between(0.55, 0.99), 2),
  }
}

function percent(value: number): number {
  return value / 100
}
