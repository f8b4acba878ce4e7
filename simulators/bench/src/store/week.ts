// A week of street lights that report once a minute, as rows of the store: the devices in turn, in the order of time.
import type { Row } from '@ronda/store/store'

/** Whose cursor the store keeps. */
export const consumer = 'bench'
export const weekMs = 7 * 86_400_000
/** ms UTC. */
export const beginning = Date.UTC(2026, 2, 2)
const intervalMs = 60_000
/** Of each device. */
export const rowsAWeek = weekMs / intervalMs

export interface Lamps {
  id(device: number): string
  /** Row number n; after those of the week it goes on. */
  row(n: number): Row
  /** How many of the first so many rows are a device's. */
  rowsOf(device: number, rows: number): number
}

export function createLamps(devices: number): Lamps {
  const ids = Array.from({ length: devices }, (_, n) => `pju-${String(n).padStart(5, '0')}`)
  const id = (device: number) => ids[device] ?? ''
  return {
    id,
    row(n) {
      const device = n % devices
      const tsMs = beginning + Math.floor((n * intervalMs) / devices)
      return {
        measurement: 'streetlight',
        device: id(device),
        district: 'serpong',
        tsMs,
        sub: (n * 7_919) % 1_000_000,
        fields: {
          dimPct: 100,
          powerW: 80 + (n % 100) / 10,
          voltageV: 220 + (n % 50) / 10,
          currentA: 0.4,
          powerFactor: 0.95,
          frequencyHz: 50.02,
          energyWh: n * 10,
          temperatureC: 30.5,
          receivedAt: tsMs + 200,
          seq: n,
        },
      }
    },
    rowsOf: (device, rows) => Math.max(0, Math.ceil((rows - device) / devices)),
  }
}
