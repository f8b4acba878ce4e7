// Faults of Tangerang Selatan, for the detector on the stage to raise.
import type { Fault } from '@ronda/contracts/fault'

export const lamp: Partial<Fault> = {
  name: 'PJU Jl. Raya Serpong 12',
  message: { en: 'Lamp out (2 W of 90 W)', id: 'Lampu padam (2 W dari seharusnya 90 W)' },
}
export const camera: Partial<Fault> = {
  code: 'video_loss',
  severity: 'critical',
  kind: 'camera',
  agency: 'diskominfo',
  district: 'pamulang',
  name: 'CCTV Simpang Gaplek 02',
  message: { en: 'No picture: signal lost', id: 'Kamera tanpa gambar: sinyal hilang' },
  evidence: { lastFrameAgeMs: 184_000, fps: 0, signalLoss: true },
}

/** A feeder's outage and the lamps that it has taken with it. */
export function outage(lamps: number): Partial<Fault>[] {
  const id = `outage-${Date.now()}.feeder_outage.1`
  const parent: Partial<Fault> = {
    id,
    code: 'feeder_outage',
    severity: 'critical',
    kind: 'cabinet',
    district: 'pamulang',
    name: 'Panel PJU Jl. Siliwangi 014',
    children: lamps,
    message: { en: 'Feeder outage', id: 'Penyulang padam' },
  }
  const children = Array.from({ length: lamps }, (_, i) => ({
    ...lamp,
    code: 'comm_loss',
    district: 'pamulang',
    name: `PJU Jl. Siliwangi ${101 + i}`,
    parentId: id,
    message: { en: 'Silent for 4 min', id: 'Tidak ada kabar selama 4 menit' },
  }))
  return [parent, ...children]
}
