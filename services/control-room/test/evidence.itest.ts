// What the detail shows of a fault's evidence and of its device, on the whole running system: readings kept by the store,
// limits of the rules, faults that are over.
import { expect, test, vi } from 'vitest'
import { detail, rowOf, violations } from './page.ts'
import { openRunningRoom, within } from './running-room.ts'

const room = openRunningRoom()
const minute = 60_000

test('readings around the raise are drawn with their limit, and a week of the device beside them', async () => {
  const { id, name } = await room.breakCamera()
  const { post, get } = room.system
  const say = (payload: object) => post('/api/v1/telemetry', [{ device: id, payload }])
  // It is repaired and acknowledged, so closed; then its picture is lost again, in another way.
  const [first] = (await get<{ faults: { id: string }[] }>(`/api/v1/faults?device=${id}`)).faults
  await post(`/api/v1/faults/${first?.id}/close`, { reason: 'Kabel diganti' })
  await say({ signalLoss: false, fps: 25, storageFreePct: 60 })
  const ago = (minutes: number) => Date.now() - minutes * minute
  await say(Array.from({ length: 60 }, (_, i) => ({ ts: ago(60 - i), sentAt: ago(60 - i), storageFreePct: 60 - i })))
  await vi.waitFor(async () => {
    await say({ storageFreePct: 2 })
    const { faults } = await get<{ faults: { code: string }[] }>(`/api/v1/faults?device=${id}`)
    expect(faults.map(({ code }) => code)).toContain('storage_failure')
  }, within)

  const page = await room.enter('Sari', `?search=${name}`)
  await rowOf(page, 'Storage nearly full').click()
  const chart = detail(page).getByRole('img', { name: /^Free storage around the raise, between .* limit 5.%$/ })
  await chart.waitFor(within)
  await detail(page)
    .getByText(/^limit 5.%$/)
    .waitFor()
  // Something was drawn: the canvas is not of one colour.
  const colours = await chart.locator('canvas').evaluate((canvas) => {
    if (!(canvas instanceof HTMLCanvasElement)) return 0
    const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] }
    const seen = new Set<string>()
    for (let i = 0; i < data.length; i += 4) seen.add([data[i], data[i + 1], data[i + 2]].join())
    return seen.size
  })
  expect(colours).toBeGreaterThan(3)
  await detail(page).getByRole('img', { name: '2 faults in seven days' }).waitFor()
  expect(await violations(page)).toEqual([])

  // The one that is over opens as well, with who closed it and why.
  await detail(page)
    .getByRole('button', { name: /No picture: signal lost/ })
    .click()
  await detail(page)
    .getByText(/closed it/)
    .waitFor()
  await detail(page).getByText('Kabel diganti').waitFor()
}, 120_000)
