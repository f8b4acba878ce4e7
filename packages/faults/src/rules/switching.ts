// Lamps that switch when nobody told them to, or do not when somebody did.
import { limit, ratio } from './limits.ts'
import { type Facts, asNumber, defineRule, hours, once, times } from './rule.ts'
import { quantity } from './words.ts'

/** Which switchings count, and how they are remembered, is in ../lamp-memory.ts. */
export const cyclingFailure = defineRule({
  code: 'cycling_failure',
  kinds: ['streetlight'],
  severity: 'minor',
  on: 'report',
  raise: once,
  clear: hours(24),
  // Of a lamp behind a contactor every day is silence.
  clearsAcrossSilence: true,
  limits: { switchingsFrom: limit(4, '', 2, 16) },
  about: {
    en: 'The lamp went on or off {switchingsFrom} times or more within an hour though it was to burn all the time; over when it has not for a day.',
    id: 'Lampu menyala atau padam {switchingsFrom} kali atau lebih dalam satu jam padahal seharusnya terus menyala; selesai bila sehari tidak terjadi lagi.',
  },
  hint: {
    en: 'Plan a visit: an old light source, a loose joint or a photocell that sees its own lamp.',
    id: 'Rencanakan kunjungan: sumber cahaya tua, sambungan longgar, atau fotosel terkena cahaya lampunya sendiri.',
  },
  find({ fields, switchings }, { switchingsFrom }) {
    if (switchings >= switchingsFrom) return 'bad'
    return fields.switchCount === undefined && fields.powerW === undefined ? 'nothing' : 'good'
  },
  evidence: ({ switchings }) => ({ switchings: switchings === 0 ? undefined : switchings }),
  message({ switchings }) {
    if (switchings === undefined) return { en: 'Lamp goes on and off', id: 'Lampu menyala dan padam berulang' }
    return {
      en: `Lamp goes on and off (${switchings} times in an hour)`,
      id: `Lampu menyala dan padam berulang (${switchings} kali dalam satu jam)`,
    }
  },
})

/** What it was told (%); a lamp that does not repeat its command is taken to burn as it was told. */
function commandedPct({ fields }: Facts): number | undefined {
  return asNumber(fields.commandPct) ?? asNumber(fields.dimPct)
}

export const relayFailure = defineRule({
  code: 'relay_failure',
  kinds: ['streetlight'],
  severity: 'major',
  on: 'report',
  raise: times(3),
  clear: times(2),
  limits: { burnsAbove: ratio(0.2, 'the nominal power') },
  about: {
    en: 'At night a lamp that was told to be off draws more than {burnsAbove} of its nominal power, and nobody has overridden it; over when command and power agree.',
    id: 'Pada malam hari lampu yang diperintahkan padam menarik lebih dari {burnsAbove} daya nominalnya tanpa dikendalikan secara manual; selesai bila perintah dan daya sesuai.',
  },
  hint: {
    en: 'Have its relay replaced: it will burn by day too.',
    id: 'Ganti relainya: lampu akan menyala juga pada siang hari.',
  },
  find(facts, { burnsAbove }) {
    const { nominalPowerW, fields, sun } = facts
    const powerW = asNumber(fields.powerW)
    const wantedPct = commandedPct(facts)
    if (powerW === undefined || wantedPct === undefined || nominalPowerW === undefined) return 'nothing'
    const burns = powerW > burnsAbove * nominalPowerW
    if (burns === wantedPct > 0) return 'good'
    // Dark though it was told to burn is a failure of the lamp, and burning by day has a rule of its own.
    return burns && sun === 'night' && fields.override !== true ? 'bad' : 'between'
  },
  evidence: (facts) => ({ powerW: facts.fields.powerW, commandPct: commandedPct(facts) }),
  measures: () => [{ field: 'powerW' }],
  message({ powerW }) {
    if (powerW === undefined) return { en: 'Relay failed', id: 'Relai rusak' }
    const power = quantity(powerW, 'W')
    return {
      en: `Relay failed: burns though commanded off (${power.en})`,
      id: `Relai rusak: menyala padahal diperintahkan padam (${power.id})`,
    }
  },
})
