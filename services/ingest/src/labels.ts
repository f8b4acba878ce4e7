// Labels for field crews: what a device needs to connect, as a QR code to be scanned where it hangs. As a page to
// print on A4 (3 × 8 labels of 70 × 37 mm, the common sheet) or as CSV for label printers. Both carry tokens.
import { hash } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Device } from '@ronda/contracts/device'
import { stringify } from 'csv-stringify/sync'
import { encodeQR } from 'qr'

/** QR codes of about 0.3 ms each that are made before others have their turn. */
const labelsPerTurn = 20
/** Modules around a QR code that stay empty, as ISO/IEC 18004 asks. */
const quietModules = 4

export interface LabelledDevice {
  device: Device
  token: string
}

/** The same for all labels. */
export interface LabelSheet {
  /** Slug of the city. */
  city: string
  /** Names of its districts, by slug. */
  districts: ReadonlyMap<string, string>
  /** URL of the MQTT broker, as devices reach it. */
  broker?: string
}

/** What the QR code says: JSON, in this order. docs/devices.md describes it. */
export function qrText({ device: { id, kind }, token }: LabelledDevice, { city, broker }: LabelSheet): string {
  return JSON.stringify({ city, kind, id, token, broker })
}

export async function labelsCsv(labelled: readonly LabelledDevice[], sheet: LabelSheet): Promise<string> {
  const rows = labelled.map((each) => [each.device.id, each.device.name, each.token, qrText(each, sheet)])
  return stringify([['id', 'name', 'token', 'qr'], ...rows])
}

export async function labelsPage(labelled: readonly LabelledDevice[], sheet: LabelSheet): Promise<string> {
  let labels = ''
  for (const [index, each] of labelled.entries()) {
    if (index % labelsPerTurn === 0) await nextTurn()
    labels += label(each, sheet)
  }
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Labels of ${labelled.length} devices</title>
<style>${style}</style>
</head>
<body>
${labels}</body>
</html>
`
}

function label(each: LabelledDevice, sheet: LabelSheet): string {
  const { id, name, kind, district } = each.device
  const lines = [`<strong>${id}</strong>`, escape(name), escape(sheet.districts.get(district) ?? district), kind]
  return `<article>${qrSvg(qrText(each, sheet))}<p>${lines.join('<br>')}</p></article>\n`
}

/** A module is 1 × 1; dark ones of a row that touch are one rectangle. */
function qrSvg(text: string): string {
  const modules = encodeQR(text, 'raw', { ecc: 'medium', border: quietModules })
  let path = ''
  for (const [y, row] of modules.entries()) {
    for (let x = row.indexOf(true); x !== -1; x = row.indexOf(true, x)) {
      const end = row.indexOf(false, x)
      const width = (end === -1 ? row.length : end) - x
      path += `M${x} ${y}h${width}v1h-${width}z`
      x += width
    }
  }
  const size = modules.length
  return `<svg viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges" aria-hidden="true"><path d="${path}"/></svg>`
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (character) => entities[character] ?? character)
}

const style = `
@page { size: A4; margin: 0 }
body { margin: 0; width: 210mm; display: grid; grid-template-columns: repeat(3, 70mm); grid-auto-rows: 37mm; color: #000; background: #fff; font: 8pt/1.35 sans-serif }
article { display: flex; align-items: center; gap: 1mm; padding: 2mm; box-sizing: border-box; overflow: hidden; break-inside: avoid }
svg { flex: none; width: 33mm; height: 33mm }
p { margin: 0; overflow-wrap: anywhere }
`

/** The page loads nothing and runs nothing; its own style sheet is known by its hash. */
export const labelsPolicy = `default-src 'none'; style-src 'sha256-${hash('sha256', style, 'base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`
