// A city's own map under ours: asked of its origin and of no other, and done without when it does not come.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { within } from '@ronda/infra/testing/within'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type Stage, setStage } from './stage.ts'

const style = {
  version: 8,
  sources: {},
  layers: [{ id: 'ground', type: 'background', paint: { 'background-color': '#123456' } }],
}

let stage: Stage
let isThere = true
const asked: string[] = []
const tiles = createServer((request, response) => {
  asked.push(request.url ?? '')
  response.setHeader('access-control-allow-origin', '*')
  if (isThere) response.end(JSON.stringify(style))
  else response.writeHead(404).end()
})

beforeAll(async () => {
  await new Promise<void>((resolve) => tiles.listen(0, '127.0.0.1', resolve))
  // An IP listener has an address.
  const { port } = tiles.address() as AddressInfo
  stage = await setStage({ RONDA_MAP_STYLE_URL: `http://127.0.0.1:${port}/style.json` })
})
afterAll(async () => {
  await stage.end()
  tiles.close()
})

test('it is fetched from where the city says, and ours goes on top; without it ours stands alone', async () => {
  const { page, complaints, leave } = await stage.visit({ path: '/map' })
  await page.locator('.map-canvas[data-shown]').waitFor()
  await vi.waitFor(() => expect(asked).toContain('/style.json'), within)
  await page.getByText('BPS, OCHA HDX').waitFor()
  await page.getByText('No devices are registered yet.').waitFor()

  isThere = false
  await page.reload()
  await page.getByText('The city’s own map could not be fetched').waitFor()
  // Requests to the city's own origin are what this is about.
  expect(complaints.filter((complaint) => !complaint.includes('/style.json'))).toEqual([])
  await leave()
})
