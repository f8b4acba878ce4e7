// The city at a glance: its devices counted by how they are, and its cameras one beside the other. Both are put together
// once for all pages that ask within a few seconds.
import { CameraWall } from '@ronda/contracts/camera-wall'
import { CityStanding } from '@ronda/contracts/city-standing'
import type { HttpServer } from '@ronda/runtime/http'
import { type CameraWallDeps, readCameraWall } from '../camera-wall.ts'
import { type CityStandingDeps, readCityStanding } from '../city-standing.ts'
import { shareAnswer } from '../shared-answer.ts'
import type { Guard } from './guard.ts'

export interface CityRoutesDeps extends CityStandingDeps, CameraWallDeps {
  guard: Guard
  /** ms of a clock that never jumps. */
  elapsed: () => number
  /** For how long an answer serves. */
  keptMs?: number
}

export function cityRoutes(app: HttpServer, { guard, elapsed, keptMs = 5_000, ...deps }: CityRoutesDeps): void {
  const onRequest = guard.needs('read')
  const standing = shareAnswer(() => readCityStanding(deps), { keptMs, elapsed })
  const cameras = shareAnswer(() => readCameraWall(deps), { keptMs, elapsed })

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
}
