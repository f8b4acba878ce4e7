// Rules of access points.
import { limit, percent } from './limits.ts'
import { asNumber, defineRule, minutes, shareOf, times } from './rule.ts'
import { quantity } from './words.ts'

export const uplinkDegraded = defineRule({
  code: 'uplink_degraded',
  kinds: ['access-point'],
  severity: 'major',
  on: 'report',
  raise: minutes(15),
  clear: minutes(15),
  limits: {
    lossAbovePct: percent(10),
    rttAboveMs: limit(200, 'ms', 0, 60_000),
    lossFineBelowPct: percent(2),
    rttFineBelowMs: limit(100, 'ms', 0, 60_000),
  },
  ordered: [
    ['lossFineBelowPct', 'lossAbovePct'],
    ['rttFineBelowMs', 'rttAboveMs'],
  ],
  about: {
    en: 'More than {lossAbovePct} of packets are lost, or the round trip takes longer than {rttAboveMs}; over when both are under {lossFineBelowPct} and {rttFineBelowMs}.',
    id: 'Lebih dari {lossAbovePct} paket hilang, atau waktu tempuh lebih dari {rttAboveMs}; selesai bila keduanya di bawah {lossFineBelowPct} dan {rttFineBelowMs}.',
  },
  hint: {
    en: 'Ask the provider of the uplink; look whether others of the site have it too.',
    id: 'Hubungi penyedia internet; lihat apakah titik lain di lokasi itu juga mengalaminya.',
  },
  find({ fields }, { lossAbovePct, rttAboveMs, lossFineBelowPct, rttFineBelowMs }) {
    const lossPct = asNumber(fields.uplinkLossPct)
    const rttMs = asNumber(fields.uplinkRttMs)
    if (lossPct === undefined && rttMs === undefined) return 'nothing'
    // What is not reported neither speaks for the fault nor stands in the way of its end.
    if ((lossPct ?? 0) > lossAbovePct || (rttMs ?? 0) > rttAboveMs) return 'bad'
    return (lossPct ?? 0) < lossFineBelowPct && (rttMs ?? 0) < rttFineBelowMs ? 'good' : 'between'
  },
  evidence: ({ fields: { uplinkLossPct, uplinkRttMs } }) => ({ uplinkLossPct, uplinkRttMs }),
  measures: (_evidence, { lossAbovePct, rttAboveMs }) => [
    { field: 'uplinkLossPct', limit: lossAbovePct },
    { field: 'uplinkRttMs', limit: rttAboveMs },
  ],
  message({ uplinkLossPct, uplinkRttMs }) {
    const loss = quantity(uplinkLossPct, '%')
    const rtt = quantity(uplinkRttMs, 'ms')
    const en = [loss.en && `${loss.en} loss`, rtt.en && `${rtt.en} round trip`].filter(Boolean).join(', ')
    const id = [loss.id && `paket hilang ${loss.id}`, rtt.id && `waktu tempuh ${rtt.id}`].filter(Boolean).join(', ')
    if (en === '') return { en: 'Poor uplink', id: 'Koneksi internet buruk' }
    return { en: `Poor uplink (${en})`, id: `Koneksi internet buruk (${id})` }
  },
})

export const radioDown = defineRule({
  code: 'radio_down',
  kinds: ['access-point'],
  severity: 'major',
  on: 'report',
  raise: times(2),
  clear: times(2),
  limits: {},
  about: {
    en: 'Fewer radios are up than are switched on; over when all of them are.',
    id: 'Radio yang aktif lebih sedikit daripada yang diaktifkan; selesai bila semuanya aktif.',
  },
  hint: {
    en: 'Restart the access point; if a radio stays down, replace it.',
    id: 'Mulai ulang titik akses; bila radio tetap mati, ganti perangkatnya.',
  },
  find({ fields }) {
    const up = asNumber(fields.radiosUp)
    const enabled = asNumber(fields.radiosEnabled)
    if (up === undefined || enabled === undefined) return 'nothing'
    return up < enabled ? 'bad' : 'good'
  },
  evidence: ({ fields: { radiosUp, radiosEnabled } }) => ({ radiosUp, radiosEnabled }),
  measures: ({ radiosEnabled }) => [{ field: 'radiosUp', limit: shareOf(radiosEnabled, 1) }],
  message({ radiosUp, radiosEnabled }) {
    if (radiosUp === undefined || radiosEnabled === undefined) return { en: 'Radio down', id: 'Radio mati' }
    return {
      en: `Radio down (${radiosUp} of ${radiosEnabled} up)`,
      id: `Radio mati (${radiosUp} dari ${radiosEnabled} aktif)`,
    }
  },
})

export const channelCongested = defineRule({
  code: 'channel_congested',
  kinds: ['access-point'],
  severity: 'warning',
  on: 'report',
  raise: minutes(30),
  clear: minutes(15),
  limits: { busyAbovePct: percent(50), retriesAbovePct: percent(20), fineBelowPct: percent(40) },
  ordered: [['fineBelowPct', 'busyAbovePct']],
  about: {
    en: 'The channel is busy for more than {busyAbovePct} of the time and more than {retriesAbovePct} of frames are sent again; over when it is busy for less than {fineBelowPct}.',
    id: 'Kanal terpakai lebih dari {busyAbovePct} waktu dan lebih dari {retriesAbovePct} frame dikirim ulang; selesai bila pemakaiannya di bawah {fineBelowPct}.',
  },
  hint: {
    en: 'Look for another channel; more clients than it can serve show as client_overload.',
    id: 'Pilih kanal lain; bila kliennya terlalu banyak, akan tampak sebagai client_overload.',
  },
  find({ fields }, { busyAbovePct, retriesAbovePct, fineBelowPct }) {
    const busyPct = asNumber(fields.channelUtilisationPct)
    if (busyPct === undefined) return 'nothing'
    if (busyPct < fineBelowPct) return 'good'
    const retryPct = asNumber(fields.retryPct) ?? 0
    return busyPct > busyAbovePct && retryPct > retriesAbovePct ? 'bad' : 'between'
  },
  evidence: ({ fields: { channelUtilisationPct, retryPct } }) => ({ channelUtilisationPct, retryPct }),
  measures: (_evidence, { busyAbovePct, retriesAbovePct }) => [
    { field: 'channelUtilisationPct', limit: busyAbovePct },
    { field: 'retryPct', limit: retriesAbovePct },
  ],
  message({ channelUtilisationPct, retryPct }) {
    if (channelUtilisationPct === undefined || retryPct === undefined) {
      return { en: 'Channel congested', id: 'Kanal radio padat' }
    }
    const [busy, retries] = [quantity(channelUtilisationPct, '%'), quantity(retryPct, '%')]
    return {
      en: `Channel congested (${busy.en} busy, ${retries.en} sent again)`,
      id: `Kanal radio padat (terpakai ${busy.id}, kirim ulang ${retries.id})`,
    }
  },
})

export const clientOverload = defineRule({
  code: 'client_overload',
  kinds: ['access-point'],
  severity: 'minor',
  on: 'report',
  raise: minutes(120),
  clear: times(2),
  limits: { clientsAbove: limit(50, '', 1, 100_000), fineBelow: limit(45, '', 0, 100_000) },
  ordered: [['fineBelow', 'clientsAbove']],
  about: {
    en: 'More than {clientsAbove} clients are connected; over when there are fewer than {fineBelow}.',
    id: 'Lebih dari {clientsAbove} klien terhubung; selesai bila kurang dari {fineBelow}.',
  },
  hint: {
    en: 'If it comes back day after day, plan another access point there.',
    id: 'Bila terjadi setiap hari, rencanakan titik akses tambahan di sana.',
  },
  find({ fields }, { clientsAbove, fineBelow }) {
    const clients = asNumber(fields.clients)
    if (clients === undefined) return 'nothing'
    if (clients > clientsAbove) return 'bad'
    return clients < fineBelow ? 'good' : 'between'
  },
  evidence: ({ fields: { clients } }) => ({ clients }),
  measures: (_evidence, { clientsAbove }) => [{ field: 'clients', limit: clientsAbove }],
  message({ clients }) {
    if (clients === undefined) return { en: 'Too many clients', id: 'Terlalu banyak klien' }
    return { en: `Too many clients (${clients})`, id: `Terlalu banyak klien (${clients})` }
  },
})
