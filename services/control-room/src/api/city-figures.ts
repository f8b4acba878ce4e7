// The city at a glance over HTTP: its devices counted, its cameras one beside the other, and how its faults are handled.
import type { AlarmMetrics } from '@ronda/contracts/alarm-metrics'
import type { CameraWall } from '@ronda/contracts/camera-wall'
import type { CityStanding } from '@ronda/contracts/city-standing'
import type { NightEnergy } from '@ronda/contracts/night-energy'
import { type Reply, request } from './http.ts'

export function fetchCityStanding(): Promise<Reply<CityStanding>> {
  return request('/api/v1/city-standing')
}

export function fetchCameraWall(): Promise<Reply<CameraWall>> {
  return request('/api/v1/camera-wall')
}

export function fetchNightEnergy(): Promise<Reply<NightEnergy>> {
  return request('/api/v1/night-energy')
}

export interface AlarmMetricsQuery {
  /** ms UTC of stamped time; up to what the detector has decided. */
  from: number
  agency: string | undefined
}

export function fetchAlarmMetrics({ from, agency }: AlarmMetricsQuery): Promise<Reply<AlarmMetrics>> {
  const params = new URLSearchParams({ from: String(Math.floor(from)) })
  if (agency !== undefined) params.set('agency', agency)
  return request(`/api/v1/alarm-metrics?${params}`)
}
