// One line of a terminal that is rewritten, with lines that stay above it. Where there is no terminal nothing is shown
// but those.
import { clearLine, cursorTo } from 'node:readline'
import type { WriteStream } from 'node:tty'

export interface LiveView {
  /** A line that stays. */
  say(line: string): void
  /** The line that is rewritten; undefined where nobody could see it. */
  show: ((text: string) => void) | undefined
  /** It is over: nothing of that line is left. */
  clear(): void
}

const narrowest = 20

export function createLiveView(out: WriteStream): LiveView {
  let shown = ''

  function rewrite(text: string): void {
    if (shown !== '' || text !== '') {
      cursorTo(out, 0)
      clearLine(out, 0)
    }
    // A line that wraps cannot be rewritten.
    shown = text.slice(0, Math.max(narrowest, out.columns) - 1)
    out.write(shown)
  }

  return {
    say(line) {
      const kept = shown
      if (out.isTTY) rewrite('')
      out.write(`${line}\n`)
      if (kept !== '') rewrite(kept)
    },
    show: out.isTTY ? rewrite : undefined,
    clear() {
      if (shown !== '') rewrite('')
    },
  }
}
