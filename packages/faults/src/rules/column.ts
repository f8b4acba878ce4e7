// The column that carries a lamp.
import { limit } from './limits.ts'
import { defineRule, times } from './rule.ts'
import { quantity } from './words.ts'

/** How it stood first is remembered by ../lamp-memory.ts. */
export const columnTilt = defineRule({
  code: 'column_tilt',
  kinds: ['streetlight'],
  severity: 'critical',
  on: 'report',
  raise: times(2),
  clear: times(2),
  limits: { tiltedAboveDeg: limit(10, '°', 0, 180), fineWithinDeg: limit(5, '°', 0, 180) },
  ordered: [['fineWithinDeg', 'tiltedAboveDeg']],
  about: {
    en: 'The column leans by more than {tiltedAboveDeg} from how it stood when the lamp was registered or replaced; over when it is within {fineWithinDeg} of that again.',
    id: 'Tiang miring lebih dari {tiltedAboveDeg} dari posisinya saat lampu didaftarkan atau diganti; selesai bila kembali dalam {fineWithinDeg}.',
  },
  hint: {
    en: 'Somebody may have driven into it: send a crew at once, and close the pavement.',
    id: 'Mungkin tertabrak kendaraan: segera kirim regu dan amankan trotoar.',
  },
  find({ fields, leaningDeg }, { tiltedAboveDeg, fineWithinDeg }) {
    if (leaningDeg === undefined || fields.tiltDeg === undefined) return 'nothing'
    if (leaningDeg > tiltedAboveDeg) return 'bad'
    return leaningDeg <= fineWithinDeg ? 'good' : 'between'
  },
  evidence: ({ fields: { tiltDeg }, leaningDeg }) => ({
    tiltDeg,
    leaningDeg: leaningDeg === undefined ? undefined : Math.round(leaningDeg * 10) / 10,
  }),
  // It is held against where it stood first, which is not in the readings.
  measures: () => [{ field: 'tiltDeg' }],
  message({ leaningDeg }) {
    if (leaningDeg === undefined) return { en: 'Column leans', id: 'Tiang miring' }
    const lean = quantity(leaningDeg, '°')
    const [en, id] = [lean.en.replace(' ', ''), lean.id.replace(' ', '')]
    return { en: `Column leans by ${en}`, id: `Tiang miring ${id}` }
  },
})
