import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { claimRole, openDataDir } from './data-dir.ts'

let dir: string
beforeEach(() => {
  dir = join(mkdtempSync(join(tmpdir(), 'ronda-data-')), 'data')
})
afterEach(() => rmSync(join(dir, '..'), { recursive: true, force: true }))

const settings = (more = {}) => ({ RONDA_DATA_DIR: dir, RONDA_TIME_SCALE: 1, RONDA_TIME_START: undefined, ...more })

describe('data directory', () => {
  test('is made once: the same token and time every time after', () => {
    const first = openDataDir(settings(), 'tangsel')
    const second = openDataDir(settings(), 'tangsel')
    expect(second.adminToken).toBe(first.adminToken)
    expect(second.clockSettings).toEqual(first.clockSettings)
    expect(first.adminToken).toMatch(/^[\w-]{43}$/)
  })

  test('the token is nobody else’s to read', () => {
    openDataDir(settings(), 'tangsel')
    expect(statSync(join(dir, 'admin-token')).mode & 0o777).toBe(0o600)
  })

  test('of a newer version, another city or another time is refused with what to do', () => {
    openDataDir(settings(), 'tangsel')
    expect(() => openDataDir(settings(), 'serang')).toThrow(/belongs to the city tangsel.*RONDA_CITY/)
    expect(() => openDataDir(settings({ RONDA_TIME_SCALE: 60 }), 'tangsel')).toThrow(
      /RONDA_TIME_SCALE=1.*cannot change/,
    )
    expect(() => openDataDir(settings({ RONDA_TIME_START: 1 }), 'tangsel')).toThrow(/cannot change/)
    // Nothing else of what a newer version writes is known.
    writeFileSync(join(dir, 'ronda.json'), JSON.stringify({ formatVersion: 99 }))
    expect(() => openDataDir(settings(), 'tangsel')).toThrow(expect.objectContaining({ code: 'data_dir_newer' }))
  })

  test('something else is left alone', () => {
    openDataDir(settings(), 'tangsel')
    writeFileSync(join(dir, 'ronda.json'), 'hello')
    expect(() => openDataDir(settings(), 'tangsel')).toThrow(expect.objectContaining({ code: 'data_dir_unusable' }))
    expect(() => openDataDir(settings({ RONDA_DATA_DIR: join(dir, 'ronda.json') }), 'tangsel')).toThrow(
      expect.objectContaining({ code: 'data_dir_unusable' }),
    )
  })

  test('a simulated time goes on from where it began', () => {
    vi.useFakeTimers({ now: Date.UTC(2026, 11, 1) })
    onTestFinished(() => void vi.useRealTimers())
    const start = Date.UTC(2026, 10, 21, 13)
    const open = () => openDataDir(settings({ RONDA_TIME_SCALE: 60, RONDA_TIME_START: start }), 'tangsel').clock
    expect(open().now()).toBe(start)
    vi.advanceTimersByTime(1_000)
    const clock = open()
    expect(clock.simulated).toBe(true)
    expect(clock.now()).toBe(start + 60_000)
  })
})

describe('roles', () => {
  const inAnotherProcess = (script: string) =>
    spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })
  const claim = () => `
    import { claimRole } from ${JSON.stringify(join(import.meta.dirname, 'data-dir.ts'))}
    try { claimRole(${JSON.stringify(dir)}, 'broker'); process.stdout.write('claimed') }
    catch (error) { process.stdout.write(error.code) }`

  test('one process at a time has one', () => {
    openDataDir(settings(), 'tangsel')
    const role = claimRole(dir, 'broker')
    expect(inAnotherProcess(claim()).stdout).toBe('data_dir_in_use')
    role.release()
    expect(inAnotherProcess(claim()).stdout).toBe('claimed')
  })

  test('a killed process leaves none behind', () => {
    openDataDir(settings(), 'tangsel')
    const killed = inAnotherProcess(`${claim()}\nprocess.kill(process.pid, 'SIGKILL')`)
    expect(killed.signal).toBe('SIGKILL')
    expect(() => claimRole(dir, 'broker').release()).not.toThrow()
  })

  test('a lock that cannot be used is not told as another process', () => {
    openDataDir(settings(), 'tangsel')
    mkdirSync(join(dir, 'locks', 'broker'), { recursive: true })
    writeFileSync(join(dir, 'locks', 'ingest'), 'not a lock of ours, and long enough to be no database\n'.repeat(100))
    for (const role of ['broker', 'ingest']) {
      expect(() => claimRole(dir, role)).toThrow(expect.objectContaining({ code: 'data_dir_unusable' }))
    }
  })

  test('different roles do not mind each other', () => {
    openDataDir(settings(), 'tangsel')
    const roles = ['broker', 'ingest'].map((role) => claimRole(dir, role))
    for (const { release } of roles) release()
    expect(roles).toHaveLength(2)
  })
})
