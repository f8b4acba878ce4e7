// Bytes that are no text, for the eye: offset, eight of them, and what of them could be letters.

const bytesPerLine = 8

/** Of an even number of hexadecimal digits. */
export function hexDump(hex: string): string {
  const bytes = hex.match(/../g) ?? []
  const lines: string[] = []
  for (let start = 0; start < bytes.length; start += bytesPerLine) {
    const line = bytes.slice(start, start + bytesPerLine)
    const letters = line.map((byte) => letterOf(Number.parseInt(byte, 16))).join('')
    const offset = start.toString(16).padStart(4, '0')
    lines.push(`${offset}  ${line.join(' ').padEnd(bytesPerLine * 3 - 1)}  ${letters}`)
  }
  return lines.join('\n')
}

function letterOf(byte: number): string {
  return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·'
}
