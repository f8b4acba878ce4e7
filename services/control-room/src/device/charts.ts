// Which fields of which kind are drawn, those of one unit in one picture: totals that only grow are not.
import type { telemetryFields } from '@ronda/contracts/telemetry'
import type { DeviceKind } from '@ronda/contracts/topics'

type FieldOf<K extends DeviceKind> = Extract<keyof (typeof telemetryFields)[K], string>

type Charts = { readonly [K in DeviceKind]: readonly (readonly FieldOf<K>[])[] }

const charts: Charts = {
  streetlight: [['powerW'], ['commandPct', 'dimPct'], ['voltageV'], ['currentA'], ['powerFactor'], ['temperatureC']],
  cabinet: [
    ['powerW'],
    ['voltageL1V', 'voltageL2V', 'voltageL3V'],
    ['currentL1A', 'currentL2A', 'currentL3A'],
    ['contactorClosed', 'doorOpen'],
    ['temperatureC'],
  ],
  camera: [['expectedFps', 'fps'], ['bitrateKbps'], ['lastFrameAgeMs'], ['storageFreePct'], ['temperatureC']],
  'access-point': [
    ['clients'],
    ['channelUtilisationPct', 'retryPct'],
    ['uplinkRttMs'],
    ['uplinkLossPct'],
    ['cpuPct', 'memoryPct'],
  ],
  gateway: [['devicesSeen'], ['uplinkRttMs'], ['uplinkLossPct']],
}

/** What a field says of another one beside it: drawn dashed. */
export const aims: ReadonlySet<string> = new Set(['commandPct', 'expectedFps'])

export function chartsOf(kind: DeviceKind): readonly (readonly string[])[] {
  return charts[kind]
}
