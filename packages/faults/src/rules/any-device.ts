// Rules of devices of every kind.
import { deviceKinds } from '@ronda/contracts/topics'
import { defineRule, once } from './rule.ts'
import { duration } from './words.ts'

/** Whether a device is lost is found out by ../presence.ts. */
export const commLoss = defineRule({
  code: 'comm_loss',
  kinds: deviceKinds,
  severity: 'major',
  on: 'presence',
  raise: once,
  clear: once,
  limits: {},
  causedBy: ['feeder_outage'],
  find: ({ loss }) => (loss === undefined ? 'good' : 'certain'),
  evidence: ({ loss }) => ({ offline: loss?.offline, silentMs: loss?.forMs }),
  message({ offline, silentMs }) {
    const time = duration(silentMs)
    return offline === true
      ? { en: 'Connection lost, not back yet', id: 'Koneksi terputus, belum kembali' }
      : { en: `Silent for ${time.en}`, id: `Tidak ada kabar selama ${time.id}` }
  },
})
