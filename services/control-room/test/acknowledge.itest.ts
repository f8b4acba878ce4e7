// Operators acknowledge faults on the whole running system.
import { expect, test } from 'vitest'
import { notice, rowOf } from './page.ts'
import { holdActions, openRunningRoom } from './running-room.ts'

const room = openRunningRoom()
const { enter, breakCamera } = room

test('what one acknowledges by a key shows at once, and at the others’ desks as well', async () => {
  const { name } = await breakCamera()
  const [sari, budi] = await Promise.all([enter('Sari', `?search=${name}`), enter('Budi', `?search=${name}`)])
  await rowOf(budi, name).getByText('Not acknowledged').waitFor()
  await rowOf(sari, name).waitFor()
  await sari.keyboard.press('j')
  await sari.keyboard.press('a')
  await notice(sari, 'Acknowledged: No picture: signal lost').waitFor()
  await sari.getByRole('button', { name: 'Bahasa Indonesia' }).click()
  await notice(sari, 'Ditangani: Kamera tanpa gambar: sinyal hilang').waitFor()
  await rowOf(sari, name).getByText('Sari').waitFor()
  await rowOf(budi, name).getByText('Sari').waitFor()
  await rowOf(budi, name).click()
  const trail = budi.getByRole('complementary').locator('.trail')
  await trail.getByText('Sari acknowledged it').waitFor()
  expect(await trail.locator('li').allInnerTexts()).toEqual([
    expect.stringMatching(/Sari acknowledged it/),
    expect.stringMatching(/Raised/),
  ])
})

test('who comes second hears who was first', async () => {
  const { name } = await breakCamera()
  const [sari, budi] = await Promise.all([enter('Sari', `?search=${name}`), enter('Budi', `?search=${name}`)])
  await rowOf(budi, name).waitFor()
  // Budi's request is on its way while Sari's is decided.
  const release = await holdActions(budi)
  await rowOf(budi, name).hover()
  await rowOf(budi, name).getByRole('button', { name: 'Acknowledge' }).click()
  await rowOf(budi, name).getByText('Acknowledging…').waitFor()
  await rowOf(sari, name).click()
  await sari.getByRole('complementary').getByRole('button', { name: 'Acknowledge' }).click()
  await notice(sari, 'Acknowledged: ').waitFor()
  release()
  await notice(budi, 'Sari was first: No picture: signal lost had been acknowledged').waitFor()
  await rowOf(budi, name).getByText('Sari').waitFor()
  expect(await budi.locator('.notices').getByRole('button', { name: 'Try again' }).count()).toBe(0)
})

test('what has changed since it was seen is offered again', async () => {
  const { id, name } = await breakCamera()
  const page = await enter('Sari', `?search=${name}`)
  await rowOf(page, name).waitFor()
  const release = await holdActions(page)
  await page.keyboard.press('j')
  await page.keyboard.press('a')
  await rowOf(page, name).getByText('Acknowledging…').waitFor()
  await room.patchDevice(id, { name: `${name} utara` })
  await rowOf(page, `${name} utara`).waitFor()
  release()
  await notice(page, 'No picture: signal lost changed while you looked: not acknowledged').waitFor()
  await page.getByRole('button', { name: 'Acknowledge anyway' }).click()
  await notice(page, 'Acknowledged: ').waitFor()
  await rowOf(page, name).getByText('Sari').waitFor()
  expect(await page.getByRole('button', { name: 'Acknowledge anyway' }).count()).toBe(0)
})

test('many at once, one of which somebody else has got to, do not fail as a whole', async () => {
  const broken = await Promise.all(Array.from({ length: 4 }, () => breakCamera()))
  const names = broken.map(({ name }) => name)
  const [first = ''] = names
  const [sari, dewi] = await Promise.all([enter('Sari', `?search=${first}`), enter('Dewi', '?acknowledged=false')])
  await rowOf(sari, first).waitFor()
  for (const name of names) await rowOf(dewi, name).waitFor()
  await dewi.getByRole('checkbox', { name: 'Select all' }).check()
  await dewi.getByText('4 selected').waitFor()

  const release = await holdActions(dewi)
  await dewi.getByRole('toolbar').getByRole('button', { name: 'Acknowledge' }).click()
  await sari.keyboard.press('j')
  await sari.keyboard.press('a')
  await notice(sari, 'Acknowledged: ').waitFor()
  release()
  await notice(dewi, '3 acknowledged').waitFor()
  await notice(dewi, /^Sari was first/).waitFor()
  await dewi.mouse.move(0, 0)
  await dewi.getByRole('heading', { name: 'No fault fits the filters' }).waitFor()
  expect(await dewi.locator('.row').count()).toBe(0)
})

test('a server that is away for a moment is asked again, and the fault is acknowledged once', async () => {
  const { name } = await breakCamera()
  const page = await enter('Sari', `?search=${name}`)
  await rowOf(page, name).waitFor()
  room.system.killHard('ingest')
  await page.keyboard.press('j')
  await page.keyboard.press('a')
  const again = page.getByRole('button', { name: 'Try again' })
  // It is back before the page gives up, or the operator asks once more.
  for (;;) {
    await notice(page, /Acknowledged: |did not answer/).waitFor()
    if (!(await again.isVisible())) break
    await again.click()
  }
  await rowOf(page, name).getByText('Sari').waitFor()
  await rowOf(page, name).click()
  const trail = page.getByRole('complementary').locator('.trail')
  await trail.getByText('Sari acknowledged it').first().waitFor()
  expect(await trail.getByText('Sari acknowledged it').count()).toBe(1)
}, 120_000)
