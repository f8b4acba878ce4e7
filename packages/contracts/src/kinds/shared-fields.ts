// What devices of several kinds measure alike.
import { counter, gauge, named } from '../fields.ts'

export const electrical = {
  powerW: named('Power', 'Daya', gauge('W', -1_000_000, 1_000_000)),
  powerFactor: named('Power factor', 'Faktor daya', gauge('', -1, 1)),
  energyWh: named('Energy', 'Energi', counter('Wh')),
}

export const temperatureC = named('Temperature', 'Suhu', gauge('°C', -80, 200))

export const uplink = {
  uplinkRttMs: named('Uplink round trip', 'Waktu tempuh uplink', gauge('ms', 0, 600_000)),
  uplinkLossPct: named('Uplink loss', 'Paket hilang uplink', gauge('%', 0, 100)),
  uptimeS: named('Uptime', 'Waktu menyala', counter('s')),
}
