// A gateway, through which other devices reach Ronda.
import { gauge, named } from '../fields.ts'
import { defineKind } from './kind.ts'
import { uplink } from './shared-fields.ts'

export const gateway = defineKind({
  measurement: 'gateway',
  names: {
    en: { title: 'Gateway', one: 'gateway', many: 'gateways' },
    id: { title: 'Gateway', one: 'gateway', many: 'gateway' },
  },
  sign: 'M7 1.6 11.7 4.3v5.4L7 12.4 2.3 9.7V4.3z',
  fields: {
    ...uplink,
    devicesSeen: named('Devices seen', 'Perangkat terlihat', gauge('', 0, 1_000_000)),
  },
  charts: [['devicesSeen'], ['uplinkRttMs'], ['uplinkLossPct']],
})
