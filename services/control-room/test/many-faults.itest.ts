// The page with ten thousand open faults: it draws what is in sight, and goes on doing so while they change.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Stage, setStage } from './stage.ts'

const thousands = 10

let stage: Stage
beforeAll(async () => {
  stage = await setStage()
})
afterAll(() => stage.end())

test('ten thousand faults are a list like any other', async () => {
  const districts = ['serpong', 'setu', 'ciputat', 'pamulang']
  const now = Date.now()
  const makeThousand = (from: number) =>
    Array.from({ length: 1_000 }, (_, n) => ({
      name: `PJU ${from + n}`,
      district: districts[n % districts.length] ?? '',
      raisedAt: now - (from + n) * 1_000,
    }))
  const first = await stage.detector.raise(...makeThousand(0))
  for (let i = 1; i < thousands; i++) await stage.detector.raise(...makeThousand(i * 1_000))

  const { page, complaints, leave } = await stage.visit()
  const rows = page.getByRole('treegrid').locator('.row')
  await page.getByText('10000 open, 10000 not acknowledged').waitFor()
  await rows.first().getByText('PJU 0').waitFor()
  expect(await rows.count()).toBeLessThan(60)

  await page.getByRole('treegrid').focus()
  await page.keyboard.press('End')
  await rows.last().getByText('PJU 9999').waitFor()
  expect(await rows.count()).toBeLessThan(60)

  await page.keyboard.press('Home')
  await page.getByRole('button', { name: 'District' }).click()
  await page.getByRole('checkbox', { name: 'Setu 2500' }).check()
  await page.getByText('2500 of 10000 open').waitFor()
  await rows.first().getByText('PJU 1', { exact: true }).waitFor()

  // Changes come faster than frames; the last one of each is what stands there in the end.
  for (const fault of first.slice(0, 40)) {
    const again = await stage.detector.change(fault, 'updated', { occurrences: 2 })
    await stage.detector.change(again, 'updated', { occurrences: 3 })
  }
  await rows.filter({ hasText: 'PJU 37' }).first().getByText('×3').waitFor()
  expect(await page.locator('.row').getByText('×2').count()).toBe(0)

  // Grouped and all selected, it draws no more, and goes on.
  await page.getByRole('search').getByRole('button', { name: 'Clear filters' }).click()
  await page.getByRole('button', { name: 'By: Cause' }).click()
  await page.getByRole('radio', { name: 'District' }).click()
  await rows.first().getByText('2500 open, 2500 not acknowledged').waitFor()
  await page.getByRole('checkbox', { name: 'Select all' }).check()
  await page.getByText('10000 selected').waitFor()
  await page.getByRole('treegrid').focus()
  await page.keyboard.press('Home')
  await page.keyboard.press('ArrowLeft')
  await page.getByText('10000 selected').waitFor()
  expect(await rows.count()).toBeLessThan(60)
  const [last] = await stage.detector.raise({ name: 'PJU latest', severity: 'critical' })
  await page.getByRole('button', { name: '1 new' }).waitFor()
  expect(last).toBeDefined()
  expect(complaints).toEqual([])
  await leave()
})
