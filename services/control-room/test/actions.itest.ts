// What operators do to faults beyond acknowledging them, on the whole running system: assign, shelve, comment, close;
// two at once, with the server restarted in the middle, and with a verdict that takes long.
import type { Page } from 'playwright-core'
import { expect, test, vi } from 'vitest'
import { detail, dialog, notice, rowOf } from './page.ts'
import { type Camera, holdActions, openRunningRoom, within } from './running-room.ts'

const room = openRunningRoom()
const { enter, breakCamera } = room

/** Enters with a list of nothing but this camera, the cursor on its row. */
async function enterAt({ name }: Camera, as = 'Sari'): Promise<Page> {
  const page = await enter(as, `?search=${encodeURIComponent(name)}`)
  await rowOf(page, name).waitFor()
  await page.keyboard.press('j')
  return page
}

interface Step {
  event: string
  by?: string
  note?: string
  assignee?: string
}

/** The trail of a camera's fault, as the server has it, without the raise. */
async function trailOf({ id }: Camera): Promise<Step[]> {
  const { faults } = await room.system.get<{ faults: { id: string }[] }>(`/api/v1/faults?device=${id}`)
  const { trail } = await room.system.get<{ trail: (Step & { at: number; until?: number })[] }>(
    `/api/v1/faults/${faults[0]?.id}`,
  )
  return trail.slice(1).map(({ at: _at, until: _until, ...step }) => step)
}

test('a fault is assigned by a key to oneself, by name to a crew, and given back', async () => {
  const camera = await breakCamera()
  const [sari, budi] = await Promise.all([enterAt(camera), enterAt(camera, 'Budi')])
  await sari.keyboard.press('m')
  await notice(sari, 'Assigned to Sari: No picture: signal lost').waitFor()
  await rowOf(budi, camera.name).locator('.state-assignee', { hasText: 'Sari' }).waitFor()

  await sari.keyboard.press('t')
  const asking = dialog(sari, 'Assign')
  await asking.getByRole('textbox', { name: 'Name of a person or a crew' }).fill('Regu Malam 2')
  await sari.keyboard.press('Enter')
  await asking.waitFor({ state: 'detached' })
  await notice(sari, 'Assigned to Regu Malam 2').waitFor()
  await rowOf(budi, camera.name).locator('.state-assignee', { hasText: 'Regu Malam 2' }).waitFor()

  await sari.locator('.notice', { hasText: 'Regu Malam 2' }).getByRole('button', { name: 'Undo' }).click()
  await rowOf(budi, camera.name).locator('.state-assignee', { hasText: 'Sari' }).waitFor()
  // Whom a name was given once it is offered to the next.
  await budi.keyboard.press('t')
  await dialog(budi, 'Assign').getByRole('button', { name: 'To nobody' }).click()
  await rowOf(sari, camera.name).locator('.state-assignee').waitFor({ state: 'detached' })
  expect(await trailOf(camera)).toEqual([
    { event: 'assigned', by: 'Sari', assignee: 'Sari' },
    { event: 'assigned', by: 'Sari', assignee: 'Regu Malam 2' },
    { event: 'assigned', by: 'Sari', assignee: 'Sari' },
    { event: 'assigned', by: 'Budi' },
  ])
})

test('a fault is shelved for a while and a reason, asks for nothing then, and is taken off the shelf again', async () => {
  const camera = await breakCamera()
  const page = await enterAt(camera)
  const pressing = page.locator('.pressing', { hasText: camera.name })
  await pressing.waitFor()
  await page.keyboard.press('s')
  const asking = dialog(page, 'Shelve')
  const shelve = asking.getByRole('button', { name: 'Shelve', exact: true })
  expect(await shelve.isDisabled()).toBe(true)
  await asking.getByText('8 h', { exact: true }).click()
  await asking.getByRole('button', { name: 'Waiting for a part' }).click()
  await shelve.click()
  await notice(page, /^Shelved until .*: No picture/).waitFor()
  await rowOf(page, camera.name)
    .getByText(/^Shelved until/)
    .waitFor()
  await pressing.waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Shelved 1' }).click()
  await rowOf(page, camera.name).waitFor()
  expect(page.url()).toContain('shelved=true')

  await page.locator('.notices').getByRole('button', { name: 'Undo' }).click()
  await notice(page, 'Taken off the shelf: No picture').waitFor()
  await pressing.waitFor()
  expect((await trailOf(camera)).map(({ event }) => event)).toEqual(['shelved', 'unshelved', 'raised'])
})

test('a comment and a closing have their reasons in the trail, in words', async () => {
  const camera = await breakCamera()
  const page = await enterAt(camera)
  await page.keyboard.press('Enter')
  await detail(page).getByRole('button', { name: 'Comment' }).click()
  await dialog(page, 'Comment').getByRole('textbox').fill('Teknisi di jalan')
  await page.keyboard.press('Enter')
  await detail(page).getByText('Sari commented').waitFor()
  await detail(page).getByText('Teknisi di jalan').waitFor()

  await page.keyboard.press('e')
  const asking = dialog(page, 'Close')
  await asking.getByText('It is still active').waitFor()
  await asking.getByRole('textbox', { name: 'Reason' }).fill('Kabel diganti')
  await page.keyboard.press('Enter')
  await notice(page, 'Closed: No picture').waitFor()
  await detail(page).getByText('It is closed, and no longer in the list.').waitFor()
  await detail(page).getByText('Kabel diganti').waitFor()
  // Nothing more can be done with it.
  expect(await detail(page).getByRole('button', { name: 'Shelve' }).count()).toBe(0)
})

test('two at once: who comes second hears who was first, and can do it all the same', async () => {
  const camera = await breakCamera()
  const [sari, budi] = await Promise.all([enterAt(camera), enterAt(camera, 'Budi')])
  const release = await holdActions(budi)
  await budi.keyboard.press('m')
  // Shown at once, and as not decided yet.
  await rowOf(budi, camera.name).getByText('Assigning…').waitFor()
  await rowOf(budi, camera.name).locator('.state-assignee', { hasText: 'Budi' }).waitFor()
  await sari.keyboard.press('m')
  await notice(sari, 'Assigned to Sari').waitFor()
  release()
  await notice(budi, 'changed while you looked (Sari had it last): not assigned').waitFor()
  await rowOf(budi, camera.name).locator('.state-assignee', { hasText: 'Sari' }).waitFor()
  await budi.getByRole('button', { name: 'Assign anyway' }).click()
  await rowOf(sari, camera.name).locator('.state-assignee', { hasText: 'Budi' }).waitFor()
  expect((await trailOf(camera)).map(({ assignee }) => assignee)).toEqual(['Sari', 'Budi'])
})

test('many at once are shelved, but for what is closed by then; the rest does not fail', async () => {
  const cameras = await Promise.all(Array.from({ length: 3 }, () => breakCamera()))
  const [first] = cameras
  if (first === undefined) throw new Error('no camera')
  const [dewi, sari] = await Promise.all([enter('Dewi', '?acknowledged=false'), enterAt(first)])
  for (const { name } of cameras) await rowOf(dewi, name).getByRole('checkbox').check()
  const release = await holdActions(dewi)
  await dewi.getByRole('toolbar').getByRole('button', { name: 'Shelve' }).click()
  const asking = dialog(dewi, 'Shelve 3 faults')
  await asking.getByRole('textbox', { name: 'Reason' }).fill('PLN padam')
  await dewi.keyboard.press('Enter')
  await rowOf(dewi, first.name).getByText('Shelving…').waitFor()
  await sari.keyboard.press('e')
  await dialog(sari, 'Close').getByRole('textbox', { name: 'Reason' }).fill('Sudah baik')
  await sari.keyboard.press('Enter')
  await notice(sari, 'Closed: ').waitFor()
  release()
  await notice(dewi, /^2 shelved until/).waitFor()
  await notice(dewi, 'No picture: signal lost is closed already').waitFor()
  expect(await dewi.locator('.notice').count()).toBe(2)
})

test('the server restarted in the middle of an action has done it once', async () => {
  const camera = await breakCamera()
  const page = await enterAt(camera)
  await page.keyboard.press('s')
  await dialog(page, 'Shelve').getByRole('textbox', { name: 'Reason' }).fill('Menunggu suku cadang')
  room.system.killHard('ingest')
  await page.keyboard.press('Enter')
  const again = page.getByRole('button', { name: 'Try again' })
  // It is back before the page gives up, or the operator asks once more.
  for (;;) {
    await notice(page, /^Shelved until|did not answer/).waitFor()
    if (!(await again.isVisible())) break
    await again.click()
  }
  await rowOf(page, camera.name)
    .getByText(/^Shelved until/)
    .waitFor()
  await vi.waitFor(async () => {
    expect((await trailOf(camera)).map(({ event, by, note }) => ({ event, by, note }))).toEqual([
      { event: 'shelved', by: 'Sari', note: 'Menunggu suku cadang' },
    ])
  }, within)
}, 120_000)

test('taken, but not decided yet: it says so, and tells the verdict when it comes', async () => {
  const camera = await breakCamera()
  const page = await enterAt(camera)
  const keys: (string | undefined)[] = []
  const { promise, resolve } = Promise.withResolvers<void>()
  // What the server says while its detector is behind; the question that follows is answered by the real one.
  await page.route('**/api/v1/faults/*/acknowledge', async (route) => {
    keys.push(route.request().headers()['idempotency-key'])
    if (keys.length === 1) return route.fulfill({ status: 202, json: { actionId: '1', pending: true } })
    await promise
    return route.continue()
  })
  await page.keyboard.press('a')
  await rowOf(page, camera.name).getByText('Taken, not decided yet').waitFor()
  resolve()
  await notice(page, 'Acknowledged: No picture').waitFor()
  await rowOf(page, camera.name).getByText('Sari').waitFor()
  expect(keys).toEqual([keys[0], keys[0]])
})
