import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { AppError } from '@ronda/contracts/errors'
import { expect, onTestFinished, test } from 'vitest'
import { exitCodeOf, needsAPerson, readyMessage } from './lifecycle.ts'

/** A process with a launcher, which is this one; `body` has `runService` and a `running` that would never end. */
function launch(body: string): ChildProcess {
  const script = `
    import { once } from 'node:events'
    import { runService } from ${JSON.stringify(join(import.meta.dirname, 'lifecycle.ts'))}
    setInterval(() => {}, 1_000)
    const running = { stop: async () => {} }
    ${body}`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

test('a service tells its launcher when it has started, not before', async () => {
  const child = launch(`await runService('test', async () => {
    process.send('starting')
    await once(process, 'message')
    return running
  })`)
  expect((await once(child, 'message'))[0]).toBe('starting')
  child.send('go on')
  expect((await once(child, 'message'))[0]).toBe(readyMessage)
  child.kill('SIGTERM')
  expect(await once(child, 'exit')).toEqual([0, null])
})

test('a launcher that goes takes along a service that starts', async () => {
  const child = launch(`await runService('test', async () => {
    process.send('starting')
    await once(process, 'disconnect')
    return running
  })`)
  await once(child, 'message')
  child.disconnect()
  expect(await once(child, 'exit')).toEqual([0, null])
})

test('so does one that went before the service began to start', async () => {
  const child = launch(`
    process.send('loading')
    await once(process, 'disconnect')
    await runService('test', async () => running)`)
  await once(child, 'message')
  child.disconnect()
  expect(await once(child, 'exit')).toEqual([0, null])
})

test('a failure that waits for a person is told by the exit code, while it starts and after', async () => {
  expect(exitCodeOf(new AppError('position_invalid'))).toBe(needsAPerson)
  expect(exitCodeOf(new AppError('storage_full'))).toBe(1)
  expect(exitCodeOf(new Error('a bug'))).toBe(1)
  const child = launch(`
    const { AppError } = await import(${JSON.stringify(import.meta.resolve('@ronda/contracts/errors'))})
    await runService('test', async () => running)
    throw new AppError('position_invalid')`)
  expect(await once(child, 'exit')).toEqual([needsAPerson, null])
})

test('a service that hangs while it stops says in what, and ends', async () => {
  const child = launch(
    `
    import { createCleanup } from ${JSON.stringify(import.meta.resolve('./lifecycle.ts'))}
    await runService('test', async (env, log) => {
      const cleanup = createCleanup()
      cleanup.defer('the store', () => new Promise(() => {}))
      cleanup.defer('the page', () => {})
      return { stop: () => cleanup.close(log) }
    })`,
  )
  await once(child, 'message')
  const exited = once(child, 'exit')
  child.kill('SIGTERM')
  const output = child.stdout === null ? '' : await text(child.stdout)
  expect(await exited).toEqual([1, null])
  expect(output).toContain('could not stop in time')
  expect(output).toContain('"waitsFor":["the store"]')
})
