// Cameras: at intersections, as many as there are devices left.
import type { FaultKindFacts } from '../fault-facts.ts'
import { measureCamera } from '../physics/camera.ts'
import { planIntersections } from '../plan/intersections.ts'
import type { SimulatedKind } from './kind.ts'

export const cameraFaults = {
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
} as const satisfies Record<string, FaultKindFacts>

export const camera: SimulatedKind<'camera'> = {
  ids: { prefix: 'cctv', digits: 4 },
  place: (planner, { left }) => planIntersections(planner, left),
  measure: measureCamera,
  parts: { comm_loss: 18, clock_drift: 15 },
}
