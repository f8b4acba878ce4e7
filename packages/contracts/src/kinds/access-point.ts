// An access point of public WiFi.
import { counter, gauge, named } from '../fields.ts'
import { defineKind } from './kind.ts'
import { uplink } from './shared-fields.ts'

export const accessPoint = defineKind({
  measurement: 'access_point',
  names: {
    en: { title: 'Access point', one: 'access point', many: 'access points' },
    id: { title: 'Titik WiFi', one: 'titik WiFi', many: 'titik WiFi' },
  },
  sign: 'M7 12.2 1.4 5.4a8.6 8.6 0 0 1 11.2 0z',
  fields: {
    clients: named('Clients', 'Pengguna', gauge('', 0, 100_000)),
    channelUtilisationPct: named('Channel utilisation', 'Pemakaian kanal', gauge('%', 0, 100)),
    retryPct: named('Retries', 'Pengiriman ulang', gauge('%', 0, 100)),
    txBytes: named('Sent', 'Terkirim', counter('B')),
    rxBytes: named('Received', 'Diterima', counter('B')),
    noiseDbm: named('Noise', 'Derau', gauge('dBm', -200, 50)),
    ...uplink,
    cpuPct: named('Processor', 'Prosesor', gauge('%', 0, 100)),
    memoryPct: named('Memory', 'Memori', gauge('%', 0, 100)),
    radiosUp: named('Radios up', 'Radio aktif', gauge('', 0, 64)),
    radiosEnabled: named('Radios enabled', 'Radio dinyalakan', gauge('', 0, 64)),
  },
  charts: [
    ['clients'],
    ['channelUtilisationPct', 'retryPct'],
    ['uplinkRttMs'],
    ['uplinkLossPct'],
    ['cpuPct', 'memoryPct'],
  ],
})
