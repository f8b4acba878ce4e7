// A CCTV camera. What it tells of the road is in ../camera-event.ts.
import { counter, flag, gauge, named } from '../fields.ts'
import { defineKind } from './kind.ts'
import { temperatureC } from './shared-fields.ts'

export const camera = defineKind({
  measurement: 'camera',
  names: {
    en: { title: 'Camera', one: 'camera', many: 'cameras' },
    id: { title: 'Kamera', one: 'kamera', many: 'kamera' },
  },
  sign: 'M1.5 4.5h7.5v5H1.5zM9 6.4l3.5-1.9v5L9 7.6z',
  fields: {
    online: named('Online', 'Tersambung', flag()),
    fps: named('Frame rate', 'Laju gambar', gauge('1/s', 0, 1_000)),
    expectedFps: named('Expected frame rate', 'Laju gambar seharusnya', gauge('1/s', 0, 1_000)),
    bitrateKbps: named('Bit rate', 'Laju bit', gauge('kbit/s', 0, 10_000_000)),
    lastFrameAgeMs: named('Age of the last frame', 'Usia gambar terakhir', gauge('ms', 0, Number.MAX_SAFE_INTEGER)),
    recording: named('Recording', 'Merekam', flag()),
    storageFreePct: named('Free storage', 'Sisa penyimpanan', gauge('%', 0, 100)),
    temperatureC,
    uptimeS: named('Uptime', 'Waktu menyala', counter('s')),
    blurry: named('Blurry', 'Gambar kabur', flag()),
    tooDark: named('Too dark', 'Terlalu gelap', flag()),
    tooBright: named('Too bright', 'Terlalu terang', flag()),
    sceneChange: named('Scene changed', 'Arah pandang berubah', flag()),
    signalLoss: named('Signal lost', 'Sinyal hilang', flag()),
    storageFailed: named('Storage failed', 'Penyimpanan rusak', flag()),
  },
  charts: [['expectedFps', 'fps'], ['bitrateKbps'], ['lastFrameAgeMs'], ['storageFreePct'], ['temperatureC']],
})
