// What dispatchers read, in both languages.
import { describe, expect, it } from 'vitest'
import { play } from '../../test/play.ts'
import { type Reading, createTown, dark, minute, night, noon, off, powered, shining } from '../../test/town.ts'
import { rules } from './table.ts'

describe('messages', () => {
  const cases: [id: string, code: string, at: number, reading: Reading, minutes: number, message: object][] = [
    [
      'pju-1',
      'lamp_failure',
      night,
      { ...dark, powerW: 3.24 },
      2,
      {
        en: 'Lamp out (3.2 W of 100 W)',
        id: 'Lampu padam (3,2 W dari seharusnya 100 W)',
      },
    ],
    [
      'pju-1',
      'day_burner',
      noon,
      { powerW: 98 },
      31,
      {
        en: 'Lamp burning by day (98 W)',
        id: 'Lampu menyala siang hari (98 W)',
      },
    ],
    [
      'pju-1',
      'low_voltage',
      night,
      { voltageV: 195 },
      11,
      {
        en: 'Low voltage (195 V of 230 V)',
        id: 'Tegangan rendah (195 V dari 230 V)',
      },
    ],
    [
      'pnl-1',
      'low_voltage',
      night,
      { ...powered, voltageL3V: 195.5 },
      11,
      {
        en: 'Low voltage on L3 (195.5 V of 230 V)',
        id: 'Tegangan rendah di fasa L3 (195,5 V dari 230 V)',
      },
    ],
    [
      'cam-1',
      'video_loss',
      night,
      { signalLoss: true },
      1,
      {
        en: 'No picture: signal lost',
        id: 'Kamera tanpa gambar: sinyal hilang',
      },
    ],
    [
      'cam-1',
      'video_loss',
      night,
      { lastFrameAgeMs: 75_000 },
      1,
      {
        en: 'No picture: last frame 75 s ago',
        id: 'Kamera tanpa gambar: gambar terakhir 75 detik lalu',
      },
    ],
    [
      'cam-1',
      'video_loss',
      night,
      { fps: 0 },
      2,
      {
        en: 'No picture: 0 frames per second',
        id: 'Kamera tanpa gambar: 0 gambar per detik',
      },
    ],
    [
      'cam-1',
      'image_tamper',
      night,
      { tooDark: true, sceneChange: true },
      2,
      {
        en: 'Camera view disturbed: too dark, the scene has changed',
        id: 'Pandangan kamera terganggu: terlalu gelap, arah pandang berubah',
      },
    ],
    [
      'ap-1',
      'uplink_degraded',
      night,
      { uplinkLossPct: 12.5, uplinkRttMs: 250 },
      16,
      {
        en: 'Poor uplink (12.5 % loss, 250 ms round trip)',
        id: 'Koneksi internet buruk (paket hilang 12,5 %, waktu tempuh 250 ms)',
      },
    ],
    [
      'pju-1',
      'relay_failure',
      night,
      { ...off, powerW: 98 },
      3,
      {
        en: 'Relay failed: burns though commanded off (98 W)',
        id: 'Relai rusak: menyala padahal diperintahkan padam (98 W)',
      },
    ],
    [
      'pju-1',
      'low_power_factor',
      night,
      { ...shining, powerFactor: 0.714 },
      3,
      { en: 'Low power factor (0.71)', id: 'Faktor daya rendah (0,71)' },
    ],
    [
      'pju-1',
      'high_power',
      night,
      { ...shining, dimPct: 50 },
      3,
      { en: 'Draws too much (98 W, expected 50 W)', id: 'Daya terlalu besar (98 W, seharusnya 50 W)' },
    ],
    [
      'cam-1',
      'low_frame_rate',
      night,
      { fps: 7.5, expectedFps: 25 },
      6,
      { en: 'Low frame rate (7.5 of 25 per second)', id: 'Laju gambar rendah (7,5 dari 25 per detik)' },
    ],
    [
      'cam-1',
      'storage_failure',
      night,
      { storageFreePct: 2.5 },
      2,
      { en: 'Storage nearly full (2.5 % free)', id: 'Penyimpanan hampir penuh (sisa 2,5 %)' },
    ],
    [
      'cam-1',
      'storage_failure',
      night,
      { storageFailed: true, storageFreePct: 50 },
      1,
      { en: 'Storage failed', id: 'Penyimpanan rusak' },
    ],
    ['cam-1', 'recording_gap', night, { recording: false }, 6, { en: 'Not recording', id: 'Tidak merekam' }],
    ['cam-1', 'image_blurry', night, { blurry: true }, 11, { en: 'Picture is blurred', id: 'Gambar kabur' }],
    ['pnl-1', 'door_open', night, { doorOpen: true }, 6, { en: 'Cabinet door open', id: 'Pintu panel terbuka' }],
    [
      'ap-1',
      'radio_down',
      night,
      { radiosUp: 1, radiosEnabled: 2 },
      2,
      { en: 'Radio down (1 of 2 up)', id: 'Radio mati (1 dari 2 aktif)' },
    ],
    [
      'ap-1',
      'channel_congested',
      night,
      { channelUtilisationPct: 72.5, retryPct: 31 },
      31,
      {
        en: 'Channel congested (72.5 % busy, 31 % sent again)',
        id: 'Kanal radio padat (terpakai 72,5 %, kirim ulang 31 %)',
      },
    ],
    [
      'ap-1',
      'client_overload',
      night,
      { clients: 63 },
      121,
      { en: 'Too many clients (63)', id: 'Terlalu banyak klien (63)' },
    ],
  ]
  it.each(cases)('%s %s', (id, code, at, reading, minutes, message) => {
    const town = createTown({ at })
    town.register(id)
    play(town, id, [[minutes, reading, true]], () => true)
    expect(town.fault(id, code)?.message).toEqual(message)
  })

  it('of a column and of a lamp that goes on and off', () => {
    const town = createTown({ at: night })
    town.register('pju-1')
    for (const reading of [
      { tiltDeg: 1.5, switchCount: 1 },
      { tiltDeg: 14, switchCount: 3 },
      { tiltDeg: 14, switchCount: 6 },
    ]) {
      town.pass(minute)
      town.report('pju-1', reading)
    }
    expect(town.fault('pju-1', 'column_tilt')?.message).toEqual({
      en: 'Column leans by 12.5°',
      id: 'Tiang miring 12,5°',
    })
    expect(town.fault('pju-1', 'cycling_failure')?.message).toEqual({
      en: 'Lamp goes on and off (5 times in an hour)',
      id: 'Lampu menyala dan padam berulang (5 kali dalam satu jam)',
    })
  })

  it.each(rules.map((rule) => [rule.code, rule] as const))('%s has words without any values too', (_code, rule) => {
    const { en, id } = rule.message({ reportedByDevice: true })
    expect(`${en} ${id}`).not.toMatch(/undefined|NaN|: $/)
  })
})
