// The picture of a camera.
import { limit, ratio } from './limits.ts'
import { type ReportedFields, asNumber, defineRule, minutes, seconds, shareOf, times } from './rule.ts'
import { duration, quantity } from './words.ts'

export const videoLoss = defineRule({
  code: 'video_loss',
  kinds: ['camera'],
  severity: 'critical',
  on: 'report',
  raise: times(2),
  clear: minutes(2),
  limits: { staleAboveMs: limit(60_000, 'ms', 1_000, 86_400_000) },
  about: {
    en: 'The signal is lost or the last frame is older than {staleAboveMs}, at once; or there are no frames per second. Over when frames come again.',
    id: 'Sinyal hilang atau gambar terakhir lebih lama dari {staleAboveMs}, seketika; atau tidak ada gambar per detik. Selesai bila gambar masuk lagi.',
  },
  hint: {
    en: 'Restart the camera; if there is still no picture, send a crew to its power and cable.',
    id: 'Mulai ulang kamera; bila tetap tanpa gambar, kirim regu untuk memeriksa daya dan kabelnya.',
  },
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
  measures: ({ lastFrameAgeMs, fps }, { staleAboveMs }) => [
    ...(lastFrameAgeMs === undefined ? [] : [{ field: 'lastFrameAgeMs', limit: staleAboveMs } as const]),
    ...(fps === undefined ? [] : [{ field: 'fps' } as const]),
  ],
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
  about: {
    en: 'The picture is too dark, too bright, or the scene has changed; over when none of these is so.',
    id: 'Gambar terlalu gelap, terlalu terang, atau arah pandang berubah; selesai bila tidak satu pun terjadi.',
  },
  hint: {
    en: 'Look at the picture: covered, sprayed, dazzled or turned away? Then tell the police or a crew.',
    id: 'Lihat gambarnya: tertutup, dicat, silau, atau diputar? Lalu hubungi polisi atau regu.',
  },
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

/** Without a picture nothing can be said of it, nor recorded: that is `video_loss`. */
export function hasNoPicture(fields: ReportedFields): boolean {
  return fields.signalLoss === true || fields.fps === 0
}

export const lowFrameRate = defineRule({
  code: 'low_frame_rate',
  kinds: ['camera'],
  severity: 'warning',
  on: 'report',
  raise: minutes(5),
  clear: minutes(5),
  limits: { lowBelow: ratio(0.5, 'the expected rate'), fineAbove: ratio(0.8, 'the expected rate') },
  ordered: [['lowBelow', 'fineAbove']],
  about: {
    en: 'The camera sends less than {lowBelow} of the frames that it should; over when it sends more than {fineAbove}. No frames at all is video_loss.',
    id: 'Kamera mengirim kurang dari {lowBelow} gambar yang seharusnya; selesai bila lebih dari {fineAbove}. Tanpa gambar sama sekali adalah video_loss.',
  },
  hint: {
    en: 'Look at the load of the network and of the recorder, and at how much the camera is to encode.',
    id: 'Periksa beban jaringan dan perekam, serta pengaturan kompresi kamera.',
  },
  find({ fields }, { lowBelow, fineAbove }) {
    const fps = asNumber(fields.fps)
    const expectedFps = asNumber(fields.expectedFps)
    if (fps === undefined || expectedFps === undefined) return 'nothing'
    if (hasNoPicture(fields)) return 'between'
    if (fps < lowBelow * expectedFps) return 'bad'
    return fps > fineAbove * expectedFps ? 'good' : 'between'
  },
  evidence: ({ fields: { fps, expectedFps } }) => ({ fps, expectedFps }),
  measures: ({ expectedFps }, { lowBelow }) => [{ field: 'fps', limit: shareOf(expectedFps, lowBelow) }],
  message({ fps, expectedFps }) {
    if (fps === undefined || expectedFps === undefined) return { en: 'Low frame rate', id: 'Laju gambar rendah' }
    const [actual, expected] = [quantity(fps, ''), quantity(expectedFps, '')]
    return {
      en: `Low frame rate (${actual.en.trim()} of ${expected.en.trim()} per second)`,
      id: `Laju gambar rendah (${actual.id.trim()} dari ${expected.id.trim()} per detik)`,
    }
  },
})

export const imageBlurry = defineRule({
  code: 'image_blurry',
  kinds: ['camera'],
  severity: 'minor',
  on: 'report',
  raise: minutes(10),
  clear: minutes(10),
  limits: {},
  about: {
    en: 'The picture is blurred; over when it is sharp again.',
    id: 'Gambar kabur; selesai bila gambar tajam kembali.',
  },
  hint: {
    en: 'Rain and fog pass; otherwise have the lens cleaned and focused.',
    id: 'Hujan dan kabut akan berlalu; bila tidak, bersihkan lensa dan atur fokusnya.',
  },
  find: ({ fields: { blurry } }) => (blurry === undefined ? 'nothing' : blurry === true ? 'bad' : 'good'),
  evidence: () => ({}),
  message: () => ({ en: 'Picture is blurred', id: 'Gambar kabur' }),
})
