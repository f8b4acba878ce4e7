// The view for a wall in a real browser: what is wrong, without anything to operate, for as long as it hangs there.
import { within } from '@ronda/infra/testing/within'
import type { CDPSession, Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { camera, lamp, outage } from './faults.ts'
import { looks, violations } from './page.ts'
import { openRoom } from './room.ts'

const room = openRoom()
const { change, raise, visit } = room

const faults = (page: Page) => page.getByRole('list', { name: 'Active faults' }).getByRole('listitem')
const clock = (page: Page) => page.locator('.wall-clock')

/** Those that the page holds in its memory, wherever. */
async function countFaults(devtools: CDPSession): Promise<number> {
  const objectGroup = 'faults'
  const { result: prototype } = await devtools.send('Runtime.evaluate', { expression: 'Object.prototype', objectGroup })
  const { objects } = await devtools.send('Runtime.queryObjects', {
    prototypeObjectId: prototype.objectId ?? '',
    objectGroup,
  })
  const { result } = await devtools.send('Runtime.callFunctionOn', {
    objectId: objects.objectId ?? '',
    functionDeclaration: `function () {
      return this.filter((each) => Object.hasOwn(each, 'raisedAt') && Object.hasOwn(each, 'revision')).length
    }`,
    returnByValue: true,
  })
  await devtools.send('Runtime.releaseObjectGroup', { objectGroup })
  return Number(result.value)
}

describe('the wall', () => {
  test('shows what is wrong now, the gravest first, and nothing to operate', async () => {
    await raise(
      lamp,
      camera,
      { ...lamp, active: false, clearedAt: Date.now(), name: 'PJU that is mended' },
      ...outage(3),
    )
    const page = await visit({ path: '/wall' })
    await faults(page).nth(2).waitFor()
    const told = await faults(page).allTextContents()
    expect(told.map((each) => each.split(':')[0])).toEqual(['Critical', 'Critical', 'Major'])
    expect(told.join()).toContain('3 devices')
    expect(told.join()).not.toContain('mended')
    await page.getByText('0 of 1 working').waitFor()
    expect(await page.getByRole('button').count()).toBe(0)
    expect(await page.getByRole('link').count()).toBe(0)
    expect(await page.locator('.rail, .top-bar').count()).toBe(0)
    await page.locator('.wall-map canvas').waitFor()
    expect(await violations(page)).toEqual([])
  })

  test('is that of its address: an agency’s, a district’s', async () => {
    await raise(camera, { ...lamp, district: 'setu', agency: 'dishub' })
    const page = await visit({ path: '/wall', query: '?agency=dishub' })
    await faults(page).filter({ hasText: 'Lamp out' }).waitFor()
    expect(await faults(page).count()).toBe(1)
    await page.goto(`${room.stage.url}/wall?district=pamulang`)
    await faults(page).filter({ hasText: 'No picture' }).waitFor()
    expect(await faults(page).count()).toBe(1)
  })

  test('is calm when nothing is wrong, and its clock goes on, in the city’s time', async () => {
    const page = await visit({ path: '/wall' })
    await page.getByText('No active faults').waitFor()
    const before = await clock(page).textContent()
    await expect.poll(() => clock(page).textContent()).not.toBe(before)
    const hours = new Intl.DateTimeFormat('en-GB', { timeZone: 'Asia/Jakarta', hour: '2-digit', minute: '2-digit' })
    expect(await clock(page).textContent()).toContain(hours.format(new Date()).slice(0, 2))
    await page.getByText('WIB').waitFor()
    expect(await violations(page)).toEqual([])
  })

  test('says that the connection is lost, and comes back by itself with what was missed', async () => {
    const [broken] = await raise(camera)
    const page = await visit({ path: '/wall' })
    await faults(page).first().waitFor()
    await room.stage.stopFanout()
    await page.getByText(/what you see is as of then/).waitFor(within)
    expect(await faults(page).count()).toBe(1)
    expect(await violations(page)).toEqual([])
    if (broken !== undefined) await change(broken, 'cleared', { active: false, clearedAt: Date.now() })
    await raise({ ...lamp, name: 'PJU Jl. Siliwangi 7' })
    await room.stage.startFanout()
    await faults(page).filter({ hasText: 'PJU Jl. Siliwangi 7' }).waitFor(within)
    expect(await faults(page).count()).toBe(1)
    await page.getByText(/what you see is as of then/).waitFor({ state: 'detached', ...within })
  })

  test('says which source is silent', async () => {
    const page = await visit({ path: '/wall' })
    await room.stage.say([{ source: 'broker', since: Date.now() }])
    await page.getByText(/No data from broker since/).waitFor(within)
    expect(await violations(page)).toEqual([])
  })

  test('keeps nothing of what is over', async () => {
    const page = await visit({ path: '/wall' })
    await page.getByText('No active faults').waitFor()
    const devtools = await page.context().newCDPSession(page)
    async function weigh() {
      await devtools.send('HeapProfiler.collectGarbage')
      const { usedSize } = await devtools.send('Runtime.getHeapUsage')
      const { nodes } = await devtools.send('Memory.getDOMCounters')
      return { usedSize, nodes }
    }
    async function passNight(name: string, count: number): Promise<void> {
      const raised = await raise(...Array.from({ length: count }, (_, i) => ({ ...lamp, name, deviceId: `pju-${i}` })))
      await faults(page).filter({ hasText: name }).first().waitFor(within)
      // It does see those that are there.
      await expect.poll(() => countFaults(devtools)).toBeGreaterThanOrEqual(count)
      for (const fault of raised) await change(fault, 'closed', { active: false, closedAt: Date.now() })
      await page.getByText('No active faults').waitFor(within)
    }
    async function passNights(from: number, to: number): Promise<void> {
      for (let night = from; night < to; night++) await passNight(`PJU of night ${night}`, 200)
      // What was last told and what was drawn before it stay until the next of each: those are small ones.
      await passNight(`PJU after night ${to}`, 1)
      await passNight(`PJU before night ${to}`, 1)
    }
    await passNights(0, 3)
    // The map may be at work, and holds for so long what it draws: the least of several is what is kept.
    const weighings = [await weigh(), await weigh(), await weigh(), await weigh(), await weigh()]
    const before = Math.min(...weighings.map(({ usedSize }) => usedSize))
    const nodes = Math.min(...weighings.map((weighing) => weighing.nodes))
    await passNights(3, 8)
    // A thousand faults have come and gone: none of them is left but those of the last drawings. By its weight alone a
    // fault is not told from the code that the browser compiles in the meantime.
    await expect.poll(() => countFaults(devtools)).toBeLessThan(5)
    await expect.poll(async () => (await weigh()).usedSize - before).toBeLessThan(900_000)
    await expect.poll(async () => (await weigh()).nodes - nodes).toBeLessThan(150)
  }, 240_000)
})

describe('looks of the wall', () => {
  test.each(looks)('axe finds nothing wrong: $theme, $language', async (chosen) => {
    await raise(camera, { ...lamp, overdue: true }, { ...lamp, severity: 'minor' }, { ...lamp, severity: 'warning' })
    const page = await visit({ chosen, path: '/wall', viewport: { width: 1920, height: 1080 } })
    await page.locator('.wall-row').nth(3).waitFor()
    await page.locator('.wall-map canvas').waitFor()
    expect(await violations(page)).toEqual([])
  })

  test('fills a 4K wall, large enough to be read from metres', async () => {
    await raise(camera)
    const page = await visit({ path: '/wall', viewport: { width: 3840, height: 2160 } })
    await faults(page).first().waitFor()
    const sizePx = await page.evaluate(() =>
      Number.parseFloat(getComputedStyle(document.querySelector('.wall-what') ?? document.body).fontSize),
    )
    // An em of 40 px on a wall of 1.2 m height is 22 mm: read from 5 m.
    expect(sizePx).toBeGreaterThanOrEqual(40)
    expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBe(2160)
  })
})
