// Rules of devices of every kind.
import { deviceKinds } from '@ronda/contracts/device-kinds'
import { limit } from './limits.ts'
import { type Rule, defineRule, once, times } from './rule.ts'
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
  // A gateway that has too few devices for an uplink outage explains by its own silence why they are.
  causedBy: ['feeder_outage', 'uplink_outage', 'comm_loss'],
  explains: 'silence',
  about: {
    en: 'Its connection broke and it is not back after 2 minutes, or it has been silent for longer than three report intervals; a live message ends it. Silence that is ours or its supply’s does not count.',
    id: 'Koneksinya putus dan belum kembali setelah 2 menit, atau tidak ada kabar lebih dari tiga interval laporan; satu pesan langsung mengakhirinya. Diam karena sistem kami atau pasokan listriknya tidak dihitung.',
  },
  hint: {
    en: 'Look whether others of its site or gateway are silent too; then its supply and modem.',
    id: 'Lihat apakah perangkat lain di lokasi atau gateway yang sama juga diam; lalu pasokan dan modemnya.',
  },
  find: ({ loss }) => (loss === undefined ? 'good' : 'certain'),
  evidence: ({ loss }) => ({ offline: loss?.offline, silentMs: loss?.forMs }),
  message({ offline, silentMs }) {
    if (offline === true) return { en: 'Connection lost, not back yet', id: 'Koneksi terputus, belum kembali' }
    if (silentMs === undefined) return { en: 'Silent', id: 'Tidak ada kabar' }
    const time = duration(silentMs)
    return { en: `Silent for ${time.en}`, id: `Tidak ada kabar selama ${time.id}` }
  },
})

/** What is measured of a clock, and which messages say something about it, is in ../skew.ts. */
export const clockDrift = defineRule({
  code: 'clock_drift',
  kinds: deviceKinds,
  severity: 'warning',
  on: 'message',
  raise: times(3),
  clear: times(3),
  limits: {
    wrongAboveMs: limit(120_000, 'ms', 30_000, 86_400_000),
    fineBelowMs: limit(60_000, 'ms', 1_000, 86_400_000),
  },
  ordered: [['fineBelowMs', 'wrongAboveMs']],
  about: {
    en: 'The clock of the device is more than {wrongAboveMs} ahead or behind in messages that agree with each other; over when it is within {fineBelowMs}. Messages that have waited (backlog) say nothing of the clock.',
    id: 'Jam perangkat lebih cepat atau lebih lambat dari {wrongAboveMs} pada pesan-pesan yang saling cocok; selesai bila selisihnya di bawah {fineBelowMs}. Pesan yang tertunda (backlog) tidak dihitung.',
  },
  hint: {
    en: 'Have its time server (NTP) and its battery looked at; its readings count all the same.',
    id: 'Periksa server waktu (NTP) dan baterai jamnya; datanya tetap dihitung.',
  },
  find({ skewMs }, { wrongAboveMs, fineBelowMs }) {
    if (skewMs === undefined) return 'nothing'
    const awayMs = Math.abs(skewMs)
    if (awayMs > wrongAboveMs) return 'bad'
    return awayMs < fineBelowMs ? 'good' : 'between'
  },
  evidence: ({ skewMs }) => ({ skewMs: skewMs === undefined || Number.isNaN(skewMs) ? undefined : Math.round(skewMs) }),
  message({ skewMs }) {
    if (typeof skewMs !== 'number') return { en: 'Clock is wrong', id: 'Jam tidak tepat' }
    const time = duration(Math.abs(skewMs))
    return skewMs > 0
      ? { en: `Clock is ${time.en} behind`, id: `Jam terlambat ${time.id}` }
      : { en: `Clock is ${time.en} ahead`, id: `Jam terlalu cepat ${time.id}` }
  },
})

const vendorPrefix = 'vendor:'

/** The code of the fault that a device's own code becomes. */
export function vendorCodeOf(reported: string): string {
  return reported.startsWith(vendorPrefix) ? reported : vendorPrefix + reported
}

export function isVendorCode(code: string): boolean {
  return code.startsWith(vendorPrefix)
}

/** The rule of one code that the catalogue does not know for a kind; `code` with its prefix. */
export function vendorRule(code: string): Rule {
  const own = code.slice(vendorPrefix.length)
  return defineRule({
    code,
    kinds: deviceKinds,
    severity: 'warning',
    on: 'report',
    flag: 'bad',
    raise: once,
    clear: times(2),
    limits: {},
    about: {
      en: 'The device reports a code of its maker’s own that the catalogue does not have for its kind; over when it no longer reports it.',
      id: 'Perangkat melaporkan kode khusus pabrikan yang tidak ada di katalog untuk jenisnya; selesai bila kode itu tidak lagi dilaporkan.',
    },
    hint: {
      en: 'Look the code up in the maker’s manual.',
      id: 'Cari arti kode di buku manual pabrikan.',
    },
    find: () => 'nothing',
    evidence: () => ({}),
    message: () => ({ en: `The device reports ${own}`, id: `Perangkat melaporkan ${own}` }),
  })
}
