// Rules of cameras.
import { asNumber, defineRule, minutes, seconds, times } from './rule.ts'
import { duration } from './words.ts'

export const videoLoss = defineRule({
  code: 'video_loss',
  kinds: ['camera'],
  severity: 'critical',
  on: 'report',
  raise: times(2),
  clear: minutes(2),
  limits: { staleAboveMs: 60_000 },
  find({ fields }, { staleAboveMs }) {
    const fps = asNumber(fields.fps)
    const lastFrameAgeMs = asNumber(fields.lastFrameAgeMs)
    if (fields.signalLoss === true) return 'certain'
    if (lastFrameAgeMs !== undefined && lastFrameAgeMs > staleAboveMs) return 'certain'
    if (fps === 0) return 'bad'
    return fps === undefined && lastFrameAgeMs === undefined && fields.signalLoss === undefined ? 'nothing' : 'good'
  },
  evidence({ fields }, { staleAboveMs }) {
    const lastFrameAgeMs = asNumber(fields.lastFrameAgeMs) ?? 0
    return {
      signalLoss: fields.signalLoss === true ? true : undefined,
      lastFrameAgeMs: lastFrameAgeMs > staleAboveMs ? lastFrameAgeMs : undefined,
      fps: fields.fps,
    }
  },
  message({ signalLoss, lastFrameAgeMs, fps }) {
    if (signalLoss === true) return { en: 'No picture: signal lost', id: 'Kamera tanpa gambar: sinyal hilang' }
    if (lastFrameAgeMs !== undefined) {
      const age = duration(lastFrameAgeMs)
      return { en: `No picture: last frame ${age.en} ago`, id: `Kamera tanpa gambar: gambar terakhir ${age.id} lalu` }
    }
    if (fps === 0) return { en: 'No picture: 0 frames per second', id: 'Kamera tanpa gambar: 0 gambar per detik' }
    return { en: 'No picture', id: 'Kamera tanpa gambar' }
  },
})

const tampering = [
  ['tooDark', { en: 'too dark', id: 'terlalu gelap' }],
  ['tooBright', { en: 'too bright', id: 'terlalu terang' }],
  ['sceneChange', { en: 'the scene has changed', id: 'arah pandang berubah' }],
] as const

export const imageTamper = defineRule({
  code: 'image_tamper',
  kinds: ['camera'],
  severity: 'critical',
  on: 'report',
  raise: seconds(30),
  clear: minutes(5),
  limits: {},
  find({ fields }) {
    const flags = tampering.map(([field]) => fields[field])
    if (flags.includes(true)) return 'bad'
    return flags.includes(false) ? 'good' : 'nothing'
  },
  evidence: ({ fields }) =>
    Object.fromEntries(tampering.map(([field]) => [field, fields[field] === true || undefined])),
  message(evidence) {
    const found = tampering.filter(([field]) => evidence[field] === true).map(([, words]) => words)
    if (found.length === 0) return { en: 'Camera view disturbed', id: 'Pandangan kamera terganggu' }
    return {
      en: `Camera view disturbed: ${found.map(({ en }) => en).join(', ')}`,
      id: `Pandangan kamera terganggu: ${found.map(({ id }) => id).join(', ')}`,
    }
  },
})
