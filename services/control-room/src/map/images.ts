// The map's symbols, drawn into pictures: severities as they are drawn in lists (faults/severity-mark.tsx), and a
// quiet sign for each kind of device.
import { kinds } from '@ronda/contracts/device-kinds'
import type { Severity } from '@ronda/contracts/fault'
import { severityPaths } from '../faults/severity-paths.ts'
import { severities } from '../faults/view.ts'
import { type MarkRank, activeRank, clearedConsequenceRank, clearedRank, consequenceRank } from './marks.ts'
import type { Palette } from './palette.ts'

/** Pixels of the picture for each of the page's. */
export const pictureRatio = 2

/** Names of the pictures: these, with the rank or the kind behind them. */
export const markPrefix = 'mark-'
export const kindPrefix = 'kind-'

const markName = (rank: MarkRank) => `${markPrefix}${rank}`

export function drawPictures(palette: Palette): Map<string, ImageData> {
  const pictures = new Map<string, ImageData>()
  for (const severity of severities) {
    const colour = palette[severity]
    const fill = severity === 'warning' ? palette.land : colour
    pictures.set(markName(activeRank(severity, false)), drawMark(severity, { colour, fill }, palette))
    pictures.set(markName(activeRank(severity, true)), drawMark(severity, { colour, fill: palette.land }, palette))
    const over = { colour: palette.quietInk, fill: palette.land }
    pictures.set(markName(clearedRank(severity)), drawMark(severity, over, palette))
  }
  pictures.set(markName(consequenceRank), drawConsequence(palette))
  // It is an outline without colour in any case.
  pictures.set(markName(clearedConsequenceRank), drawConsequence(palette))
  for (const [kind, { sign }] of Object.entries(kinds)) {
    pictures.set(`${kindPrefix}${kind}`, drawPath(sign, { sizePx: 14, fill: palette.device, halo: palette.land }))
  }
  return pictures
}

/** Hollow ones as well have a ground of their own, or what lies under them would show through. */
function drawMark(severity: Severity, { colour, fill }: { colour: string; fill: string }, palette: Palette): ImageData {
  return drawPath(severityPaths[severity], { sizePx: 20, fill, stroke: colour, halo: palette.land })
}

function drawConsequence(palette: Palette): ImageData {
  return drawPath(kinds.streetlight.sign, {
    sizePx: 16,
    fill: palette.land,
    stroke: palette.quietInk,
    halo: palette.land,
  })
}

interface Drawing {
  sizePx: number
  fill: string
  stroke?: string
  /** Keeps a symbol apart from what is under it. */
  halo: string
}

function drawPath(path: string, { sizePx, fill, stroke, halo }: Drawing): ImageData {
  const canvas = document.createElement('canvas')
  const side = sizePx * pictureRatio
  canvas.width = side
  canvas.height = side
  const context = canvas.getContext('2d')
  if (context === null) throw new Error('a canvas without its context')
  // The field of 14 × 14, with room for the halo around it.
  context.scale(side / 16, side / 16)
  context.translate(1, 1)
  const shape = new Path2D(path)
  context.lineJoin = 'round'
  context.strokeStyle = halo
  context.lineWidth = 3.6
  context.stroke(shape)
  context.fillStyle = fill
  // A canvas's fill, not an array's.
  // oxlint-disable-next-line unicorn/no-array-fill-with-reference-type
  context.fill(shape)
  if (stroke !== undefined) {
    context.strokeStyle = stroke
    context.lineWidth = 1.7
    context.stroke(shape)
  }
  return context.getImageData(0, 0, side, side)
}
