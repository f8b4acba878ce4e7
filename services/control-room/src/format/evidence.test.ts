import { expect, test } from 'vitest'
import { en } from '../text/en.ts'
import { id } from '../text/id.ts'
import { describeEvidence } from './evidence.ts'

const english = { language: 'en', locale: 'en-GB', text: en } as const
const indonesian = { language: 'id', locale: 'id-ID', text: id } as const

/** `label: value`, with plain spaces. */
function describeOne(
  field: string,
  value: number | boolean | string,
  words: typeof english | typeof indonesian = english,
) {
  const [line] = describeEvidence({ [field]: value }, words)
  return `${line?.label}: ${line?.value.replaceAll(/\s/g, ' ')}`
}

test.each([
  ['powerW', 2.149, 'Power: 2.15 W'],
  ['voltageL2V', 3.1, 'Voltage L2: 3.1 V'],
  ['currentA', 0.2, 'Current: 0.2 A'],
  ['powerFactor', 0.81, 'Power factor: 0.81'],
  ['dimPct', 100, 'Dimming: 100 %'],
  ['temperatureC', 71, 'Temperature: 71 °C'],
  ['tiltDeg', 12, 'Tilt: 12°'],
  ['illuminanceLux', 8_200, 'Illuminance: 8,200 lx'],
  ['frequencyHz', 50, 'Frequency: 50 Hz'],
  ['energyWh', 12, 'Energy: 12 Wh'],
  ['energyWh', 9_999, 'Energy: 9,999 Wh'],
  ['energyWh', 96_714_571, 'Energy: 96,714.6 kWh'],
  ['noiseDbm', -91, 'Noise: -91 dBm'],
  ['bitrateKbps', 2_048, 'Bit rate: 2,048 kbit/s'],
  ['txBytes', 5, 'Sent: 5 B'],
  ['operatingHours', 4_380, 'Operating hours: 4,380 h'],
  ['fps', 0, 'Frame rate: 0 fps'],
  ['expectedFps', 15, 'Expected frame rate: 15 fps'],
  ['uplinkRttMs', 312, 'Uplink round trip: 312 ms'],
  ['lastFrameAgeMs', 184_000, 'Age of the last frame: 3 min'],
  ['uptimeS', 93_600, 'Uptime: 1 d 2 h'],
  ['doorOpen', true, 'Door open: yes'],
  ['phase', 'L2', 'Phase: L2'],
])('%s %s', (field, value, described) => {
  expect(describeOne(field, value)).toBe(described)
})

test('in Indonesian, with its decimal comma', () => {
  expect(describeOne('powerW', 2.1, indonesian)).toBe('Daya: 2,1 W')
  expect(describeOne('recording', false, indonesian)).toBe('Merekam: tidak')
  expect(describeOne('silentMs', 242_000, indonesian)).toBe('Tanpa kabar selama: 4 mnt')
})

test('a field that nobody has named yet is spelled out', () => {
  expect(describeOne('ballastTemperatureC', 80)).toBe('Ballast temperature: 80 °C')
  expect(describeOne('retries', 3)).toBe('Retries: 3')
})
