// Rules of access points.
import { asNumber, defineRule, minutes } from './rule.ts'
import { quantity } from './words.ts'

export const uplinkDegraded = defineRule({
  code: 'uplink_degraded',
  kinds: ['access-point'],
  severity: 'major',
  on: 'report',
  raise: minutes(15),
  clear: minutes(15),
  limits: { lossAbovePct: 10, rttAboveMs: 200, lossFineBelowPct: 2, rttFineBelowMs: 100 },
  find({ fields }, { lossAbovePct, rttAboveMs, lossFineBelowPct, rttFineBelowMs }) {
    const lossPct = asNumber(fields.uplinkLossPct)
    const rttMs = asNumber(fields.uplinkRttMs)
    if (lossPct === undefined && rttMs === undefined) return 'nothing'
    // What is not reported neither speaks for the fault nor stands in the way of its end.
    if ((lossPct ?? 0) > lossAbovePct || (rttMs ?? 0) > rttAboveMs) return 'bad'
    return (lossPct ?? 0) < lossFineBelowPct && (rttMs ?? 0) < rttFineBelowMs ? 'good' : 'between'
  },
  evidence: ({ fields: { uplinkLossPct, uplinkRttMs } }) => ({ uplinkLossPct, uplinkRttMs }),
  message({ uplinkLossPct, uplinkRttMs }) {
    const loss = quantity(uplinkLossPct, '%')
    const rtt = quantity(uplinkRttMs, 'ms')
    const en = [loss.en && `${loss.en} loss`, rtt.en && `${rtt.en} round trip`].filter(Boolean).join(', ')
    const id = [loss.id && `paket hilang ${loss.id}`, rtt.id && `waktu tempuh ${rtt.id}`].filter(Boolean).join(', ')
    if (en === '') return { en: 'Poor uplink', id: 'Koneksi internet buruk' }
    return { en: `Poor uplink (${en})`, id: `Koneksi internet buruk (${id})` }
  },
})
