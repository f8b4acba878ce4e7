// A street light: a lamp with its driver and its controller.
import { counter, flag, gauge, named } from '../fields.ts'
import { defineKind } from './kind.ts'
import { electrical, temperatureC } from './shared-fields.ts'

export const streetlight = defineKind({
  measurement: 'streetlight',
  names: {
    en: { title: 'Street light', one: 'light', many: 'lights' },
    id: { title: 'Lampu jalan', one: 'lampu', many: 'lampu' },
  },
  sign: 'M7 4.6a2.4 2.4 0 1 0 0 4.8 2.4 2.4 0 0 0 0-4.8z',
  fields: {
    dimPct: named('Dimming', 'Tingkat redup', gauge('%', 0, 100)),
    commandPct: named('Commanded dimming', 'Perintah tingkat redup', gauge('%', 0, 100)),
    ...electrical,
    voltageV: named('Voltage', 'Tegangan', gauge('V', 0, 1_000)),
    currentA: named('Current', 'Arus', gauge('A', 0, 1_000)),
    frequencyHz: named('Frequency', 'Frekuensi', gauge('Hz', 0, 100)),
    illuminanceLux: named('Illuminance', 'Iluminansi', gauge('lx', 0, 200_000)),
    temperatureC,
    operatingHours: named('Operating hours', 'Jam operasi', counter('h')),
    switchCount: named('Switchings', 'Jumlah nyala-padam', counter('')),
    tiltDeg: named('Tilt', 'Kemiringan', gauge('°', -180, 180)),
    override: named('Override', 'Kendali manual', flag()),
  },
  charts: [['powerW'], ['commandPct', 'dimPct'], ['voltageV'], ['currentA'], ['powerFactor'], ['temperatureC']],
})
