// What somebody waits for who opens the page for the first time, as far as the network goes.
import { expect, test } from 'vitest'
import { lamp } from './faults.ts'
import { rowOf } from './page.ts'
import { openRoom } from './room.ts'

const room = openRoom()

test('the list of faults is there before 300 KB have come', async () => {
  await room.raise(lamp)
  // What every browser understands, also where the connection is not encrypted.
  const page = await room.visit({ extraHTTPHeaders: { 'accept-encoding': 'gzip' } })
  await rowOf(page, 'Lamp out').waitFor()
  const files = await page.evaluate(() => {
    const came = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
    return came
      .filter((entry) => entry instanceof PerformanceResourceTiming)
      .map(({ name, encodedBodySize, decodedBodySize }) => ({ name, encodedBodySize, decodedBodySize }))
  })
  expect(files.filter(({ name }) => /\/assets\/faults-page-.*\.js$/.test(name))).toHaveLength(1)
  expect(files.filter(({ name }) => /\/assets\/map/.test(name))).toEqual([])
  expect(files.reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0)).toBeLessThan(300_000)
  // More than the bound comes out of it: it was not kept by sending nothing.
  expect(files.reduce((sum, { decodedBodySize }) => sum + decodedBodySize, 0)).toBeGreaterThan(400_000)
})
