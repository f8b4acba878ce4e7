// What measured fields are called. Their names and units are the same on the wire, in the store and here.
import type { telemetryFields } from '@ronda/contracts/telemetry'
import type { Language } from '../preferences.ts'

type Declared = typeof telemetryFields
type FieldName = { [K in keyof Declared]: keyof Declared[K] }[keyof Declared]

/** What rules add to what was measured. */
type DerivedName =
  | 'expectedPowerW'
  | 'nominalPowerW'
  | 'nominalVoltageV'
  | 'phase'
  | 'phases'
  | 'circuit'
  | 'affected'
  | 'lamps'
  | 'offline'
  | 'silentMs'
  | 'reportedByDevice'

/** English and Indonesian. */
const names: Record<FieldName | DerivedName, readonly [en: string, id: string]> = {
  dimPct: ['Dimming', 'Tingkat redup'],
  commandPct: ['Commanded dimming', 'Perintah tingkat redup'],
  powerW: ['Power', 'Daya'],
  powerFactor: ['Power factor', 'Faktor daya'],
  energyWh: ['Energy', 'Energi'],
  voltageV: ['Voltage', 'Tegangan'],
  currentA: ['Current', 'Arus'],
  frequencyHz: ['Frequency', 'Frekuensi'],
  illuminanceLux: ['Illuminance', 'Iluminansi'],
  temperatureC: ['Temperature', 'Suhu'],
  operatingHours: ['Operating hours', 'Jam operasi'],
  switchCount: ['Switchings', 'Jumlah nyala-padam'],
  tiltDeg: ['Tilt', 'Kemiringan'],
  override: ['Override', 'Kendali manual'],
  voltageL1V: ['Voltage L1', 'Tegangan L1'],
  voltageL2V: ['Voltage L2', 'Tegangan L2'],
  voltageL3V: ['Voltage L3', 'Tegangan L3'],
  currentL1A: ['Current L1', 'Arus L1'],
  currentL2A: ['Current L2', 'Arus L2'],
  currentL3A: ['Current L3', 'Arus L3'],
  doorOpen: ['Door open', 'Pintu terbuka'],
  contactorClosed: ['Contactor closed', 'Kontaktor tertutup'],
  online: ['Online', 'Tersambung'],
  fps: ['Frame rate', 'Laju gambar'],
  expectedFps: ['Expected frame rate', 'Laju gambar seharusnya'],
  bitrateKbps: ['Bit rate', 'Laju bit'],
  lastFrameAgeMs: ['Age of the last frame', 'Usia gambar terakhir'],
  recording: ['Recording', 'Merekam'],
  storageFreePct: ['Free storage', 'Sisa penyimpanan'],
  uptimeS: ['Uptime', 'Waktu menyala'],
  blurry: ['Blurry', 'Gambar kabur'],
  tooDark: ['Too dark', 'Terlalu gelap'],
  tooBright: ['Too bright', 'Terlalu terang'],
  sceneChange: ['Scene changed', 'Arah pandang berubah'],
  signalLoss: ['Signal lost', 'Sinyal hilang'],
  storageFailed: ['Storage failed', 'Penyimpanan rusak'],
  clients: ['Clients', 'Pengguna'],
  channelUtilisationPct: ['Channel utilisation', 'Pemakaian kanal'],
  retryPct: ['Retries', 'Pengiriman ulang'],
  txBytes: ['Sent', 'Terkirim'],
  rxBytes: ['Received', 'Diterima'],
  noiseDbm: ['Noise', 'Derau'],
  uplinkRttMs: ['Uplink round trip', 'Waktu tempuh uplink'],
  uplinkLossPct: ['Uplink loss', 'Paket hilang uplink'],
  cpuPct: ['Processor', 'Prosesor'],
  memoryPct: ['Memory', 'Memori'],
  radiosUp: ['Radios up', 'Radio aktif'],
  radiosEnabled: ['Radios enabled', 'Radio dinyalakan'],
  devicesSeen: ['Devices seen', 'Perangkat terlihat'],
  expectedPowerW: ['Expected power', 'Daya seharusnya'],
  nominalPowerW: ['Nominal power', 'Daya nominal'],
  nominalVoltageV: ['Nominal voltage', 'Tegangan nominal'],
  phase: ['Phase', 'Fasa'],
  phases: ['Phases without voltage', 'Fasa tanpa tegangan'],
  circuit: ['Circuit', 'Sirkuit'],
  affected: ['Lamps affected', 'Lampu terdampak'],
  lamps: ['Lamps in all', 'Jumlah lampu'],
  offline: ['Connection broken', 'Koneksi terputus'],
  silentMs: ['Silent for', 'Tanpa kabar selama'],
  reportedByDevice: ['Reported by the device', 'Dilaporkan perangkat'],
}

function isDeclared(field: string): field is FieldName | DerivedName {
  return Object.hasOwn(names, field)
}

export function fieldName(field: string, language: Language): string | undefined {
  return isDeclared(field) ? names[field][language === 'en' ? 0 : 1] : undefined
}
