// The list of faults and the fault that is opened from it: looked at, sorted, folded, selected; and everything that is
// done with a fault, by buttons, in dialogs and by keys.
import { expect } from 'vitest'
import { type Hand, button, follow, heading, pane, press } from '../hand.ts'
import { dialog, notice, rowOf, rows } from '../page.ts'
import { actionKeys, assignToMeKey } from '../../src/faults/actions/keys.ts'
import { walkFilters } from './filters.ts'

/** What is asked in dialogs is asked once of the selection, once of the opened fault. */
export async function walkFaults(hand: Hand): Promise<void> {
  const { language, town } = hand
  const cabinet = `panel-${language}`
  const cameras = [1, 2, 3].map((number) => `CCTV ${language} ${number}`)
  await Promise.all([town.cutFeeder(cabinet, `Panel ${language}`), ...cameras.map(town.breakCamera)])
  await hand.open('/')
  await walkFilters(hand)
  await walkList(hand)
  await walkStrip(hand)
  await walkSelection(hand)
  await walkOpened(hand)
  await walkRelatives(hand)
  await walkKeys(hand)
}

async function walkList({ page, text, language, town }: Hand): Promise<void> {
  const { list, filters, grouping, selection } = text
  for (const column of [list.age, list.due, list.severity]) {
    await press(page, column)
    const head = page.getByRole('columnheader', { name: column })
    await expect.poll(() => head.getAttribute('aria-sort')).not.toBeNull()
  }
  const feeder = rowOf(page, `Panel ${language}`)
  const lights = list.members(9, 'streetlight')
  await press(feeder, list.unfold(lights))
  await rowOf(page, `PJU panel-${language}-lamp-0`).waitFor()
  await press(feeder, list.fold(lights))

  await press(page, filters.grouped(grouping.cause))
  await page.getByRole('radio', { name: grouping.district }).click()
  const head = page.locator('.row-group')
  await head.first().click()
  await expect.poll(() => head.first().getAttribute('aria-expanded')).toBe('false')
  await page.goto(new URL('/', page.url()).href)
  await rows(page).first().waitFor()

  await rowOf(page, `CCTV ${language} 1`).getByRole('checkbox').check()
  await page.getByText(selection.selected(1)).waitFor()
  await page.getByRole('checkbox', { name: list.selectAll }).check()
  await press(page, selection.clear)
  await page.getByText(selection.selected(1)).waitFor({ state: 'detached' })

  // Under the pointer nothing moves: what is new waits until it is let in.
  await rowOf(page, `CCTV ${language} 1`).hover()
  await town.breakCamera(`CCTV ${language} new`)
  await page.locator('.waiting').click()
  await rowOf(page, `CCTV ${language} new`).waitFor()

  await page.getByRole('searchbox').fill('nowhere')
  await heading(page, list.noMatch)
  await press(page.locator('.no-rows'), filters.clear)
  await rows(page).first().waitFor()
}

async function walkStrip({ page, text }: Hand): Promise<void> {
  const { alerts, actions, frame, filters } = text
  const strip = page.getByRole('region', { name: alerts.region })
  await press(strip, alerts.show)
  await expect.poll(() => new URL(page.url()).search).toBe('?severity=critical')
  await press(page.getByRole('search'), filters.clear)
  const line = strip.locator('.alert-critical').first()
  await line.locator('.alert-what').click()
  const opened = pane(page, text.detail.label)
  await press(opened, frame.close)
  await opened.waitFor({ state: 'detached' })
  await line.getByText(actions.acknowledge.name).click()
  await press(page.locator('.notice').first(), frame.close)
  const row = rows(page)
    .filter({ has: page.locator('.quick-acknowledge') })
    .first()
  const id = await row.getAttribute('id')
  await row.hover()
  await row.locator('.quick-acknowledge').click()
  await page.locator(`[id="${id}"]`).getByText('Sari').waitFor()
}

/** Every action with what is selected, in the order in which a fault lives. */
async function walkSelection({ page, text, language, town }: Hand): Promise<void> {
  const { actions, asking, selection, frame, outcomes } = text
  const names = [`CCTV ${language} 4`, `CCTV ${language} 5`]
  await Promise.all(names.map(town.breakCamera))
  await page.reload()
  const bar = page.getByRole('toolbar', { name: selection.label })
  const select = async () => {
    for (const name of names) await rowOf(page, name).getByRole('checkbox').check()
  }
  const asked = (title: string) => dialog(page, title)

  /** Both are done, and nothing is under way. */
  const isDone = (words: string) => notice(page, outcomes.done(2, '', words).trim()).waitFor()

  await select()
  await press(bar, actions.acknowledge.name)
  await isDone(actions.acknowledge.done())
  await press(bar, actions.assign.name)
  await press(asked(asking.assign(2)), asking.cancel)
  await press(bar, actions.assign.name)
  await asked(asking.assign(2)).getByRole('textbox').fill('Regu Malam')
  await press(asked(asking.assign(2)), asking.assign(1))
  await isDone(actions.assign.done('Regu Malam'))
  await select()
  await press(bar, actions.shelve.name)
  await asked(asking.shelve(2)).getByRole('textbox').fill('PLN')
  await press(asked(asking.shelve(2)), asking.shelve(1))
  await isDone(actions.shelve.done(''))
  await select()
  await press(bar, actions.unshelve.name)
  await isDone(actions.unshelve.done())
  await select()
  await press(bar, actions.comment.name)
  await asked(asking.comment(2)).getByRole('textbox').fill('Teknisi di jalan')
  await press(asked(asking.comment(2)), asking.comment(1))
  await isDone(actions.comment.done())
  await press(bar, selection.clear)
  await press(page.locator('.notice').first(), frame.close)
  await select()
  await press(bar, actions.close.name)
  await press(asked(asking.close(2)), asking.cancel)
  await press(bar, selection.clear)
}

async function walkOpened({ page, text, language, town }: Hand): Promise<void> {
  const { actions, asking, detail, outcomes, age, state } = text
  const name = `CCTV ${language} opened`
  const id = await town.breakCamera(name)
  await page.goto(new URL(`/?search=${encodeURIComponent(name)}`, page.url()).href)
  await rowOf(page, name).click()
  const opened = pane(page, detail.label)
  await press(opened, actions.acknowledge.name)
  await opened.getByText(text.trail.acknowledged('Sari')).waitFor()
  await press(opened, asking.assignMe)
  await opened.getByText(text.trail.assigned('Sari', 'Sari')).waitFor()
  await press(page.locator('.notices'), outcomes.undo)
  await opened.locator('.state-assignee').waitFor({ state: 'detached' })
  await press(opened, actions.assign.name)
  await dialog(page, asking.assign(1)).getByRole('button', { name: 'Regu Malam' }).click()
  await opened.locator('.state-assignee', { hasText: 'Regu Malam' }).waitFor()
  await press(opened, actions.assign.name)
  await dialog(page, asking.assign(1)).getByRole('button', { name: asking.toMe }).click()
  await opened.locator('.state-assignee', { hasText: 'Sari' }).waitFor()
  await press(opened, actions.assign.name)
  await press(dialog(page, asking.assign(1)), asking.toNobody)
  await opened.locator('.state-assignee').waitFor({ state: 'detached' })

  await press(opened, actions.shelve.name)
  const shelving = dialog(page, asking.shelve(1))
  await shelving.getByText(age.days(7, 0), { exact: true }).click()
  for (const reason of asking.shelveReasons) await press(shelving, reason)
  await press(shelving, asking.shelve(1))
  await press(opened, actions.unshelve.name)
  await opened.getByText(text.trail.unshelved('Sari')).waitFor()
  await press(opened, actions.comment.name)
  await press(dialog(page, asking.comment(1)), text.frame.close)
  await press(opened, actions.comment.name)
  await dialog(page, asking.comment(1)).getByRole('textbox').fill('Kabel putus')
  await page.keyboard.press('Enter')
  await opened.getByText('Kabel putus').waitFor()
  await press(opened, actions.close.name)
  const closing = dialog(page, asking.close(1))
  await closing.getByText(asking.closeActive).waitFor()
  for (const reason of asking.closeReasons) await press(closing, reason)
  await closing.locator('[type=submit]').click()
  await opened.getByText(detail.closedMeaning).waitFor()

  // What was wrong before is in the week of what is wrong with it now.
  await town.fail(id, { signalLoss: false, fps: 25, storageFreePct: 1 })
  await page.goto(new URL(`/?search=${encodeURIComponent(name)}`, page.url()).href)
  await rowOf(page, name).click()
  await opened.locator('.week').waitFor()
  await opened.locator('.relatives button').first().click()
  await opened.getByText(state.closed).first().waitFor()
  await follow(opened, id)
  await heading(page, name)
}

async function walkRelatives({ page, text, language, open }: Hand): Promise<void> {
  const { detail, list } = text
  await open('/')
  const opened = pane(page, detail.label)
  await rowOf(page, `Panel ${language}`).click()
  await opened.getByText(detail.caused(list.members(9, 'streetlight'))).waitFor()
  await press(opened, detail.all(9))
  await opened.getByRole('button', { name: `PJU panel-${language}-lamp-8` }).click()
  await heading(opened, detail.cause)
}

/** The letters of the actions, and the keys of the list; without a hand on the mouse. */
async function walkKeys({ page, text, language, town, open }: Hand): Promise<void> {
  const { asking, selection, detail } = text
  const name = `CCTV ${language} keys`
  await town.breakCamera(name)
  await open(`/?search=${encodeURIComponent(name)}`)
  const row = rowOf(page, name)
  await row.waitFor()
  const { acknowledge, assign, shelve, unshelve, comment, close } = actionKeys
  await page.keyboard.press('j')
  await page.keyboard.press('x')
  await page.getByText(selection.selected(1)).waitFor()
  await page.keyboard.press('Escape')
  await page.keyboard.press('Enter')
  const opened = pane(page, detail.label)
  await opened.waitFor()
  // One right after the other: neither is lost.
  await page.keyboard.press(acknowledge)
  await page.keyboard.press(assignToMeKey)
  await opened.getByText(text.trail.acknowledged('Sari')).waitFor()
  await opened.getByText(text.trail.assigned('Sari', 'Sari')).waitFor()
  const asked: [key: string, title: string][] = [
    [assign, asking.assign(1)],
    [shelve, asking.shelve(1)],
    [comment, asking.comment(1)],
  ]
  for (const [key, title] of asked) {
    await page.keyboard.press(key)
    await dialog(page, title).waitFor()
    await page.keyboard.type(`${key} Regu Siang`)
    await page.keyboard.press('Enter')
    await dialog(page, title).waitFor({ state: 'detached' })
    await opened.locator('.trail').getByText(`${key} Regu Siang`).first().waitFor()
    if (key === shelve) {
      await page.keyboard.press(unshelve)
      await opened.getByText(text.trail.unshelved('Sari')).waitFor()
    }
  }
  await page.keyboard.press(close)
  await dialog(page, asking.close(1)).waitFor()
  await page.keyboard.press('Escape')
  await dialog(page, asking.close(1)).waitFor({ state: 'detached' })
  await page.keyboard.press('Escape')
  await opened.waitFor({ state: 'detached' })
  expect(await button(page, selection.clear).count()).toBe(0)
}
