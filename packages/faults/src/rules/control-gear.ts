// What only the control gear of a lamp itself can know of (DALI-2 D4i parts 252 and 253, uCIFI 3418): flags.
import { defineFlag, minutes, times } from './rule.ts'

const kinds = ['streetlight'] as const

export const controlGearFailure = defineFlag({
  code: 'control_gear_failure',
  kinds,
  severity: 'major',
  title: { en: 'Driver failed', id: 'Driver lampu rusak' },
  about: {
    en: 'The lamp reports that its driver (control gear) has failed; over when it no longer does.',
    id: 'Lampu melaporkan drivernya (control gear) rusak; selesai bila tidak dilaporkan lagi.',
  },
  hint: { en: 'Send a crew with a driver of its type.', id: 'Kirim regu dengan driver yang sesuai.' },
})

export const controlGearCommFailure = defineFlag({
  code: 'control_gear_comm_failure',
  kinds,
  severity: 'major',
  // One lost answer on the DALI bus is nothing.
  raise: times(2),
  title: { en: 'Driver does not answer its controller', id: 'Driver tidak menjawab pengendali' },
  about: {
    en: 'The controller reports that its driver does not answer; over when it no longer does.',
    id: 'Pengendali melaporkan drivernya tidak menjawab; selesai bila tidak dilaporkan lagi.',
  },
  hint: {
    en: 'Have the DALI wires and the driver looked at.',
    id: 'Periksa kabel DALI dan drivernya.',
  },
})

export const openCircuit = defineFlag({
  code: 'light_source_open_circuit',
  kinds,
  severity: 'major',
  title: { en: 'Light source: open circuit', id: 'Sumber cahaya: sirkuit terbuka' },
  about: {
    en: 'The driver reports that no current flows through its light source; over when it no longer does.',
    id: 'Driver melaporkan tidak ada arus melalui sumber cahaya; selesai bila tidak dilaporkan lagi.',
  },
  hint: {
    en: 'Send a crew with an LED module; look at its plug first.',
    id: 'Kirim regu dengan modul LED; periksa dahulu konektornya.',
  },
})

export const shortCircuit = defineFlag({
  code: 'light_source_short_circuit',
  kinds,
  severity: 'major',
  title: { en: 'Light source: short circuit', id: 'Sumber cahaya: hubung singkat' },
  about: {
    en: 'The driver reports a short circuit of its light source; over when it no longer does.',
    id: 'Driver melaporkan hubung singkat pada sumber cahaya; selesai bila tidak dilaporkan lagi.',
  },
  hint: {
    en: 'Send a crew with an LED module; water in the housing is likely.',
    id: 'Kirim regu dengan modul LED; kemungkinan ada air di rumah lampu.',
  },
})

export const thermalDerating = defineFlag({
  code: 'thermal_derating',
  kinds,
  severity: 'warning',
  clear: minutes(30),
  title: { en: 'Dimmed by heat', id: 'Diredupkan karena panas' },
  about: {
    en: 'The lamp reports that it burns with less power because it is too hot; over when it has not for a while.',
    id: 'Lampu melaporkan dayanya diturunkan karena terlalu panas; selesai bila beberapa lama tidak dilaporkan lagi.',
  },
  hint: {
    en: 'Nothing at once; if it comes back each night, have its cooling fins cleaned.',
    id: 'Tidak mendesak; bila terjadi setiap malam, bersihkan sirip pendinginnya.',
  },
})

export const thermalShutdown = defineFlag({
  code: 'thermal_shutdown',
  kinds,
  severity: 'major',
  clear: minutes(30),
  title: { en: 'Switched off by heat', id: 'Padam karena panas' },
  about: {
    en: 'The lamp reports that it switched itself off because it was too hot; over when it has not for a while.',
    id: 'Lampu melaporkan dirinya padam karena terlalu panas; selesai bila beberapa lama tidak dilaporkan lagi.',
  },
  hint: {
    en: 'Have its cooling and its driver looked at before the next night.',
    id: 'Periksa pendingin dan drivernya sebelum malam berikutnya.',
  },
})
