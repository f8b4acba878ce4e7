// What there is a picture of. A screen more is a row more.
import type { Page } from 'playwright-core'
import type { City } from './city.ts'

export interface Screen {
  /** Its address, in a city as it has become. */
  path: (city: City) => string
  /** Shown when what the picture is about is there. */
  shows: string
  /** What is done on it before. */
  act?: (page: Page) => Promise<void>
  /** For whoever is not signed in. */
  isOutside?: true
}

/** By the name of its picture. */
export const screens: Readonly<Record<string, Screen>> = {
  faults: { path: () => '/', shows: '.row' },
  fault: { path: ({ fault }) => `/?fault=${fault.id}`, shows: '.trail, .evidence' },
  map: { path: () => '/map', shows: '.maplibregl-canvas' },
  'map-cabinet': {
    path: ({ cabinet: { id, latitude, longitude } }) => `/map?device=${id}#16/${latitude}/${longitude}`,
    shows: '.detail-content .detail-where',
  },
  device: { path: ({ fault }) => `/devices/${fault.deviceId}`, shows: '.u-wrap' },
  devices: { path: () => '/devices', shows: '.device-link' },
  'devices-import': { path: () => '/devices?view=import', shows: '.import-drop' },
  overview: { path: () => '/overview', shows: '.overview-now' },
  cameras: { path: () => '/cameras', shows: '.camera-tile' },
  wall: { path: () => '/wall', shows: '.wall .maplibregl-canvas' },
  system: { path: () => '/system', shows: '.system-body' },
  accounts: { path: () => '/accounts', shows: '.accounts-table' },
  'sign-in': { path: () => '/', shows: '.gate-card', isOutside: true },
}
