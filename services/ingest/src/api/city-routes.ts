// The city at a glance: its devices counted by how they are, its cameras one beside the other, and what its lights used at
// night. Each is put together once for all pages that ask within a while.
import { CameraWall } from '@ronda/contracts/camera-wall'
import { CityStanding } from '@ronda/contracts/city-standing'
import { NightEnergy } from '@ronda/contracts/night-energy'
import type { HttpServer } from '@ronda/runtime/http'
import { type CameraWallDeps, readCameraWall } from '../camera-wall.ts'
import { type CityStandingDeps, readCityStanding } from '../city-standing.ts'
import { type NightEnergyDeps, readNightEnergy } from '../night-energy.ts'
import { shareAnswer } from '../shared-answer.ts'
import type { Guard } from './guard.ts'

export interface CityRoutesDeps extends CityStandingDeps, CameraWallDeps, NightEnergyDeps {
  store: CameraWallDeps['store'] & NightEnergyDeps['store']
  guard: Guard
  /** ms of a clock that never jumps. */
  elapsed: () => number
  /** For how long an answer serves. */
  keptMs?: number
  /** The same of what is asked of history for all lights, and changes once a day. */
  nightKeptMs?: number
}

export function cityRoutes(app: HttpServer, { guard, elapsed, ...deps }: CityRoutesDeps): void {
  const { keptMs = 5_000, nightKeptMs = 60_000 } = deps
  const onRequest = guard.needs('read')
  const standing = shareAnswer(() => readCityStanding(deps), { keptMs, elapsed })
  const cameras = shareAnswer(() => readCameraWall(deps), { keptMs, elapsed })
  const night = shareAnswer(() => readNightEnergy(deps), { keptMs: nightKeptMs, elapsed })

  app.get(
    '/api/v1/city-standing',
    {
      onRequest,
      schema: {
        tags: ['devices'],
        summary: 'How many devices work, are faulty, silent or were never heard, and how many faults are active',
        description: 'Of all, by kind and district; some seconds old at most.',
        response: { 200: CityStanding },
      },
    },
    standing,
  )

  app.get(
    '/api/v1/camera-wall',
    {
      onRequest,
      schema: {
        tags: ['devices'],
        summary: 'How all cameras are, and what their metadata counted in the last hours',
        description: 'Health and counts by rule and class of object; no picture, and nothing about a person.',
        response: { 200: CameraWall },
      },
    },
    cameras,
  )

  app.get(
    '/api/v1/night-energy',
    {
      onRequest,
      schema: {
        tags: ['devices'],
        summary: 'What the street lights used last night, and in the same night a week before',
        description:
          'By their counters, read up to half an hour before or after dusk and dawn. It says of how many lights it is known.',
        response: { 200: NightEnergy },
      },
    },
    night,
  )
}
