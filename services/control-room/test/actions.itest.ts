// What operators see of faults and do to them, on the whole running system: its evidence; acknowledge, assign, shelve,
// comment, close; two at once, with the server restarted in the middle, and with a verdict that takes long.
import { within } from '@ronda/infra/testing/within'
import type { Page } from 'playwright-core'
import { describe, expect, test, vi } from 'vitest'
import { detail, dialog, notice, rowOf, violations } from './page.ts'
import { type Camera, holdActions, openRunningRoom } from './running-room.ts'

const room = openRunningRoom()
const { enter, breakCamera } = room

const minute = 60_000

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

describe('acknowledging', () => {
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
  })
})

describe('other actions', () => {
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

  test('a key that comes in the moment after a dialog was closed is not lost', async () => {
    const page = await enterAt(await breakCamera())
    await page.keyboard.press('Enter')
    await detail(page).waitFor()
    await page.keyboard.press('c')
    await dialog(page, 'Comment').waitFor()
    await page.evaluate(`
      document.querySelector('dialog .icon-button').click()
      document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }))
    `)
    await vi.waitFor(async () => expect(await detail(page).count()).toBe(0), within)
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
  })

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
})

test('readings around the raise are drawn with their limit, and a week of the device beside them', async () => {
  const { id, name } = await breakCamera()
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
})
