import { PassThrough } from 'node:stream'
import type { WriteStream } from 'node:tty'
import { expect, test } from 'vitest'
import { createLiveView } from './live-view.ts'

function createTerminal(more: { isTTY: boolean; columns?: number }) {
  const stream = new PassThrough()
  // What is written to a terminal, and as wide as one: nothing else of it is used.
  const out = Object.assign(stream, more) as unknown as WriteStream
  return { view: createLiveView(out), written: () => String(stream.read() ?? '') }
}

const erased = '\u001b[1G\u001b[2K'

test('a line is rewritten, as wide as the terminal, below those that stay', () => {
  const { view, written } = createTerminal({ isTTY: true, columns: 30 })
  view.say('begins')
  view.show?.('10 %')
  view.show?.('20 % and much more than fits into a line')
  view.say('something')
  view.clear()
  view.say('ends')
  const long = '20 % and much more than fits '
  expect(written()).toBe(`begins\n${erased}10 %${erased}${long}${erased}something\n${erased}${long}${erased}ends\n`)
})

test('where there is no terminal, nothing is rewritten', () => {
  const { view, written } = createTerminal({ isTTY: false })
  expect(view.show).toBeUndefined()
  view.say('begins')
  view.clear()
  expect(written()).toBe('begins\n')
})
