import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { watchFiles } from '../src/listeners/file-watch.ts'

/** Runs polls, in each of which `write` may change the file; returns in which of them it was taken as changed. */
async function changesIn(polls: number, write: (poll: number, file: string) => void, takes = () => true) {
  const dir = mkdtempSync(join(tmpdir(), 'ronda-watch-'))
  onTestFinished(() => rmSync(dir, { recursive: true }))
  const file = join(dir, 'file')
  writeFileSync(file, 'first')
  const stopped = new AbortController()
  const asked: number[] = []
  let poll = 0
  const follow = await watchFiles({
    paths: [file, join(dir, 'missing')],
    pollMs: 1,
    signal: stopped.signal,
    async onChange() {
      asked.push(poll)
      return takes()
    },
    onPoll() {
      poll++
      if (poll === polls) stopped.abort()
      else write(poll, file)
    },
  })
  await follow()
  return asked
}

test('a change counts when it has stood for one poll', async () => {
  const asked = await changesIn(10, (poll, file) => {
    if (poll <= 4) writeFileSync(file, 'x'.repeat(poll))
  })
  expect(asked).toEqual([5])
})

test('what does not change is not asked about, nor what was taken', async () => {
  expect(await changesIn(5, () => {})).toEqual([])
})

test('what was not taken is asked about at every poll, and a file that is gone is a change', async () => {
  const remove = (poll: number, file: string) => {
    if (poll === 1) rmSync(file)
  }
  expect(await changesIn(6, remove, () => false)).toEqual([2, 3, 4, 5])
})
