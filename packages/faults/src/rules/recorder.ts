// What becomes of a camera's picture: storage and recording; and the camera's own well-being.
import { percent } from './limits.ts'
import { hasNoPicture } from './camera.ts'
import { asNumber, defineFlag, defineRule, minutes, times } from './rule.ts'
import { quantity } from './words.ts'

export const storageFailure = defineRule({
  code: 'storage_failure',
  kinds: ['camera'],
  severity: 'major',
  on: 'report',
  raise: times(2),
  clear: times(2),
  limits: { fullBelowPct: percent(5), fineAbovePct: percent(10) },
  ordered: [['fullBelowPct', 'fineAbovePct']],
  about: {
    en: 'The camera says that its storage failed, at once; or less than {fullBelowPct} of it is free. Over when it no longer says so and more than {fineAbovePct} is free.',
    id: 'Kamera melaporkan penyimpanannya rusak, seketika; atau ruang kosong kurang dari {fullBelowPct}. Selesai bila tidak dilaporkan lagi dan ruang kosong lebih dari {fineAbovePct}.',
  },
  hint: {
    en: 'Save what is needed, then have the card or disk replaced, or keep recordings for less long.',
    id: 'Simpan rekaman yang diperlukan, lalu ganti kartu atau disk, atau perpendek masa simpan rekaman.',
  },
  find({ fields }, { fullBelowPct, fineAbovePct }) {
    if (fields.storageFailed === true) return 'certain'
    const freePct = asNumber(fields.storageFreePct)
    if (freePct === undefined) return fields.storageFailed === undefined ? 'nothing' : 'good'
    if (freePct < fullBelowPct) return 'bad'
    return freePct > fineAbovePct ? 'good' : 'between'
  },
  evidence: ({ fields }) => ({
    storageFailed: fields.storageFailed === true ? true : undefined,
    storageFreePct: fields.storageFreePct,
  }),
  measures: (_evidence, { fullBelowPct }) => [{ field: 'storageFreePct', limit: fullBelowPct }],
  message({ storageFailed, storageFreePct, reportedByDevice }) {
    if (storageFailed === true || reportedByDevice === true || storageFreePct === undefined) {
      return { en: 'Storage failed', id: 'Penyimpanan rusak' }
    }
    const free = quantity(storageFreePct, '%')
    return { en: `Storage nearly full (${free.en} free)`, id: `Penyimpanan hampir penuh (sisa ${free.id})` }
  },
})

export const recordingGap = defineRule({
  code: 'recording_gap',
  kinds: ['camera'],
  severity: 'major',
  on: 'report',
  raise: minutes(5),
  clear: minutes(5),
  limits: {},
  about: {
    en: 'A camera that has a picture does not record; over when it records. For a camera that is not meant to record the rule is switched off.',
    id: 'Kamera yang memiliki gambar tidak merekam; selesai bila merekam lagi. Untuk kamera yang memang tidak merekam, aturan ini dimatikan.',
  },
  hint: {
    en: 'Start the recording again; look at its storage and schedule.',
    id: 'Mulai lagi perekaman; periksa penyimpanan dan jadwalnya.',
  },
  find({ fields }) {
    if (fields.recording === undefined) return 'nothing'
    if (fields.recording === true) return 'good'
    return hasNoPicture(fields) ? 'between' : 'bad'
  },
  evidence: ({ fields: { recording } }) => ({ recording }),
  message: () => ({ en: 'Not recording', id: 'Tidak merekam' }),
})

export const temperatureCritical = defineFlag({
  code: 'temperature_critical',
  kinds: ['camera'],
  severity: 'major',
  title: { en: 'Camera too hot or too cold', id: 'Suhu kamera kritis' },
  about: {
    en: 'The camera says that it is too hot or too cold to go on; over when it no longer says so.',
    id: 'Kamera melaporkan suhunya terlalu tinggi atau terlalu rendah; selesai bila tidak dilaporkan lagi.',
  },
  hint: {
    en: 'Look at its fan, heater and sunshade before it switches itself off.',
    id: 'Periksa kipas, pemanas, dan pelindung matahari sebelum kamera mati sendiri.',
  },
})
