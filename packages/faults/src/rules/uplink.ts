// The rule of uplinks: what many devices speak through, a gateway or the network of a site or district.
import { type Limit, type LimitValues, limit, share } from './limits.ts'
import { defineRule, once } from './rule.ts'

const uplinkScales = {
  /** Share and least number of the devices behind it that are silent, and the share under which it is over. */
  outFrom: share(0.6, 'the devices'),
  outAtLeast: limit(10, '', 1, 10_000),
  overBelow: share(0.2, 'the devices'),
} as const satisfies Record<string, Limit>

/** Thresholds of `uplink_outage`. */
export type UplinkLimits = LimitValues<typeof uplinkScales>

/** Whether an uplink is out is found out by ../uplinks.ts, where its devices are counted. */
export const uplinkOutage = defineRule({
  code: 'uplink_outage',
  kinds: ['gateway', 'site', 'district'],
  severity: 'critical',
  on: 'outage',
  raise: once,
  clear: once,
  limits: uplinkScales,
  ordered: [['overBelow', 'outFrom']],
  // A gateway's by the supply of its cabinet, or by what it speaks through itself.
  causedBy: ['feeder_outage', 'uplink_outage'],
  explains: 'silence',
  about: {
    en: 'At least {outFrom} and {outAtLeast} of the devices behind a gateway, or in a site or district, are silent, and no cabinet or narrower uplink alone could be the reason; over when less than {overBelow} of them are silent, or all that are can be explained so. Devices that are dark as they should be, or without a voltage that was measured, do not count.',
    id: 'Paling sedikit {outFrom} dan {outAtLeast} perangkat di balik gateway, atau di satu lokasi atau kecamatan, tidak ada kabar, dan itu tidak bisa dijelaskan oleh satu panel atau satu sambungan yang lebih kecil saja; selesai bila yang diam kurang dari {overBelow}, atau semuanya bisa dijelaskan begitu. Perangkat yang memang sedang padam, atau yang terukur tanpa tegangan, tidak dihitung.',
  },
  hint: {
    en: 'Ask the network provider about the place; then look at the supply and the modem of the gateway.',
    id: 'Tanyakan penyedia jaringan tentang tempat itu; lalu periksa pasokan dan modem gateway-nya.',
  },
  find: ({ uplink }) => (uplink === undefined ? 'good' : 'certain'),
  evidence: ({ uplink }) => ({ affected: uplink?.affected, devices: uplink?.devices }),
  message({ affected, devices }) {
    if (devices === undefined) return { en: 'Uplink outage', id: 'Sambungan terputus' }
    return {
      en: `Uplink outage: ${affected} of ${devices} devices silent`,
      id: `Sambungan terputus: ${affected} dari ${devices} perangkat tidak ada kabar`,
    }
  },
})
