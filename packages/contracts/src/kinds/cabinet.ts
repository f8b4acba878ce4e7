// A cabinet that supplies street lights, on three phases.
import { flag, gauge, named } from '../fields.ts'
import { defineKind } from './kind.ts'
import { electrical, temperatureC } from './shared-fields.ts'

export const cabinet = defineKind({
  measurement: 'cabinet',
  names: {
    en: { title: 'Cabinet', one: 'cabinet', many: 'cabinets' },
    id: { title: 'Panel PJU', one: 'panel', many: 'panel' },
  },
  sign: 'M3.5 2.5h7v9h-7z',
  fields: {
    voltageL1V: named('Voltage L1', 'Tegangan L1', gauge('V', 0, 1_000)),
    voltageL2V: named('Voltage L2', 'Tegangan L2', gauge('V', 0, 1_000)),
    voltageL3V: named('Voltage L3', 'Tegangan L3', gauge('V', 0, 1_000)),
    currentL1A: named('Current L1', 'Arus L1', gauge('A', 0, 10_000)),
    currentL2A: named('Current L2', 'Arus L2', gauge('A', 0, 10_000)),
    currentL3A: named('Current L3', 'Arus L3', gauge('A', 0, 10_000)),
    ...electrical,
    doorOpen: named('Door open', 'Pintu terbuka', flag()),
    contactorClosed: named('Contactor closed', 'Kontaktor tertutup', flag()),
    temperatureC,
  },
  charts: [
    ['powerW'],
    ['voltageL1V', 'voltageL2V', 'voltageL3V'],
    ['currentL1A', 'currentL2A', 'currentL3A'],
    ['contactorClosed', 'doorOpen'],
    ['temperatureC'],
  ],
})
