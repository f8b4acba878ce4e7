// People and their accounts on the page: signing in by name and password, the first administrator, somebody new, one's
// own account, and everybody's.
import type { Role } from '@ronda/contracts/permissions'
import { within } from '@ronda/infra/testing/within'
import type { Page } from 'playwright-core'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { en } from '../src/text/en.ts'
import { id } from '../src/text/id.ts'
import { heading, press } from './hand.ts'
import { invite, makePerson, password, signIn, toTheDoor } from './people.ts'
import { camera } from './faults.ts'
import { rowOf, violations } from './page.ts'
import { openRoom } from './room.ts'

const room = openRoom()
const { visit } = room

afterEach(() => room.stage.forgetPeople())

const person = (name: string, displayName: string, role: Role) => makePerson(room.stage, name, displayName, role)

const isLive = (page: Page) => page.locator('.connection-live').waitFor()
const focused = (page: Page) => page.evaluate(() => document.activeElement?.getAttribute('name'))

describe('at the door', () => {
  test('a name and a password open the room; a wrong one says what to do and asks again', async () => {
    await person('sari', 'Sari Wulandari', 'operator')
    const page = await visit()
    await toTheDoor(page)
    expect(await focused(page)).toBe('username')
    const hints = page.locator('form input')
    expect(await hints.evaluateAll((inputs) => inputs.map((input) => input.getAttribute('autocomplete')))).toEqual([
      'username',
      'current-password',
    ])
    await signIn(page, 'sari', 'kucing')
    await page.getByText('The user name or the password is wrong.').waitFor(within)
    expect(await focused(page)).toBe('password')
    expect(await violations(page)).toEqual([])
    await page.keyboard.type(password)
    await page.keyboard.press('Enter')
    await isLive(page)
    await page.getByText('Sari Wulandari').waitFor()
    const kept = await page.evaluate(() =>
      JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage), document.cookie]),
    )
    expect(kept).not.toMatch(/[\w-]{43}|kucing/)
    await page.reload()
    await isLive(page)
  })

  test('the password can be looked at, and Caps Lock is noticed', async () => {
    const page = await visit()
    await toTheDoor(page)
    const field = page.getByRole('textbox', { name: 'Password' })
    await field.fill('rahasia')
    expect(await field.getAttribute('type')).toBe('password')
    await page.getByRole('button', { name: 'Show Password' }).click()
    expect(await field.getAttribute('type')).toBe('text')
    await field.evaluate((input) =>
      input.dispatchEvent(new KeyboardEvent('keydown', { key: 'A', modifierCapsLock: true, bubbles: true })),
    )
    await page.getByText('Caps Lock is on.').waitFor()
  })

  test('after too many wrong passwords it counts down, and then lets in', async () => {
    await person('sari', 'Sari Wulandari', 'operator')
    const page = await visit()
    await toTheDoor(page)
    const button = page.getByRole('button', { name: 'Sign in', exact: true })
    const isLimited = page.getByText(/Too many wrong passwords\. You can try again in \d+ s/)
    await vi.waitFor(async () => {
      await signIn(page, 'sari', 'kucing')
      await isLimited.or(page.getByText('The user name or the password is wrong.')).waitFor(within)
      expect(await isLimited.count()).toBe(1)
    }, within)
    expect(await button.isDisabled()).toBe(true)
    await page.getByText('Too many wrong passwords').waitFor({ state: 'detached' })
    await signIn(page, 'sari')
    await isLive(page)
  })
})

describe('a link', () => {
  test.each([
    { language: 'en', text: en },
    { language: 'id', text: id },
  ])('of the very first administrator leads to an account, or past it: $language', async ({ language, text }) => {
    const { setUp, credentials } = text
    const page = await visit({ chosen: { language } })
    const come = async () => {
      await page.goto('about:blank')
      await page.goto(await room.stage.link('root', 'administrator'))
    }
    await come()
    await press(page, setUp.skip)
    await isLive(page)
    await come()
    await heading(page, setUp.first)
    expect(await violations(page)).toEqual([])
    await page.getByLabel(credentials.name).fill('dewi')
    await page.getByLabel(credentials.displayName).fill('Dewi Lestari')
    const field = page.getByRole('textbox', { name: credentials.newPassword })
    await press(page, `${credentials.show} ${credentials.newPassword}`)
    await field.fill('password1234')
    await press(page, setUp.save)
    await page.getByText(credentials.refused(credentials.problems.common)).waitFor(within)
    await field.fill(password)
    await press(page, setUp.save)
    await isLive(page)
    await page.getByText('Dewi Lestari').waitFor()
    await toTheDoor(page, text)
    await signIn(page, 'dewi', 'kucing', text)
    await page.getByText(credentials.wrong).waitFor(within)
    expect(await violations(page)).toEqual([])
    await signIn(page, 'dewi', password, text)
    await isLive(page)
    // Whoever comes with a link from now on is not asked.
    await come()
    await isLive(page)
  })

  test('of somebody new leads to a password, and nowhere else before that', async () => {
    const page = await visit()
    await page.goto('about:blank')
    await page.goto(await invite(room.stage, 'budi', 'Budi Santoso', 'viewer'))
    await page.getByRole('heading', { name: 'Choose a password' }).waitFor()
    expect(await page.getByLabel('User name').inputValue()).toBe('budi')
    expect(await page.getByRole('textbox', { name: 'New password' }).getAttribute('autocomplete')).toBe('new-password')
    expect(await violations(page)).toEqual([])
    await page.reload()
    await page.getByRole('textbox', { name: 'New password' }).fill('Budi')
    await page.getByRole('button', { name: 'Save and go in' }).click()
    await page.getByText('it is shorter than 12 characters; it contains a name of yours').waitFor(within)
    await page.getByRole('textbox', { name: 'New password' }).fill(password)
    await page.getByRole('button', { name: 'Save and go in' }).click()
    await isLive(page)
  })
})

describe('in the room', () => {
  test('another role ends the session at once, and offers what it may from then on', async () => {
    await person('sari', 'Sari Wulandari', 'operator')
    await room.raise(camera)
    const page = await visit()
    await toTheDoor(page)
    await signIn(page, 'sari')
    await rowOf(page, 'No picture')
      .getByRole('button', { name: /^Acknowledge/ })
      .waitFor({ state: 'attached' })
    await room.stage.accounts.registry.update('sari', { role: 'viewer' }, 'test')
    await page.getByText('Your session is over. Sign in again.').waitFor(within)
    await signIn(page, 'sari')
    await rowOf(page, 'No picture').waitFor()
    await page.getByRole('button', { name: 'Account' }).click()
    expect(await page.locator('.account-panel').innerText()).toContain('Viewer')
    expect(await page.getByRole('button', { name: /^Acknowledge\b/ }).count()).toBe(0)
  })

  test('who may only look is offered nothing else', async () => {
    await room.raise(camera)
    const page = await visit({ role: 'viewer' })
    await rowOf(page, 'No picture').click()
    await page.getByRole('complementary', { name: 'Fault' }).getByRole('heading', { name: 'No picture' }).waitFor()
    await page.keyboard.press('x')
    await page.getByText('1 selected').waitFor()
    await page.keyboard.press('a')
    expect(await page.getByRole('button', { name: /Acknowledge\b/ }).count()).toBe(0)
    expect(await page.locator('.notices').textContent()).toBe('')
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keyboard' }).waitFor()
    expect(await page.getByText('Acknowledge the row, or the selection').count()).toBe(0)
    expect(await violations(page)).toEqual([])
  })

  test('accounts are for administrators', async () => {
    const page = await visit({ role: 'supervisor' })
    expect(await page.getByRole('link', { name: 'Accounts' }).count()).toBe(0)
    await page.goto(`${room.stage.url}/accounts`)
    await page.getByText('There is nothing here').waitFor()
  })

  test('one’s own password is changed, and other browsers are signed out', async () => {
    await person('sari', 'Sari Wulandari', 'operator')
    const [page, other] = [await visit(), await visit()]
    for (const each of [page, other]) {
      await toTheDoor(each)
      await signIn(each, 'sari')
      await isLive(each)
    }
    await page.getByRole('button', { name: 'Account' }).click()
    await page.getByRole('button', { name: 'My account…' }).click()
    const dialog = page.getByRole('dialog', { name: 'My account' })
    await dialog.getByText('this browser').waitFor()
    expect(await dialog.getByRole('listitem').count()).toBeGreaterThanOrEqual(2)
    expect(await violations(page)).toEqual([])
    const change = async (current: string, next: string) => {
      await dialog.getByRole('textbox', { name: 'Present password' }).fill(current)
      await dialog.getByRole('textbox', { name: 'New password' }).fill(next)
      await dialog.getByRole('button', { name: 'Change the password' }).click()
    }
    await change('kucing', 'lima ekor kucing di kebun')
    await dialog.getByText('The present password is wrong.').waitFor(within)
    await change(password, 'lima ekor kucing di kebun')
    await page.getByText('Your password is changed.').waitFor(within)
    await other.getByText('Your session is over.').waitFor(within)
    await signIn(other, 'sari', 'lima ekor kucing di kebun')
    await isLive(other)
  })

  test('an administrator makes accounts, hands out links, and takes everything back', async () => {
    await person('dewi', 'Dewi Lestari', 'administrator')
    const [page, other] = [await visit(), await visit()]
    await toTheDoor(page)
    await signIn(page, 'dewi')
    await isLive(page)
    await page.getByRole('link', { name: 'Accounts' }).click()
    await page.getByRole('button', { name: 'New account' }).click()
    const form = page.getByRole('form', { name: 'New account' })
    await form.getByLabel('Name that colleagues see').fill('Dewi Lestari')
    await form.getByLabel('User name').fill('sari')
    await form.getByLabel('Role').selectOption('viewer')
    await form.getByText('Sees everything, changes nothing.').waitFor()
    await form.getByRole('button', { name: 'New account' }).click()
    await form.getByText('A colleague is called the same.').waitFor(within)
    await form.getByLabel('Name that colleagues see').fill('Sari Wulandari')
    expect(await violations(page)).toEqual([])
    await form.getByRole('button', { name: 'New account' }).click()
    const link = await page.getByLabel('Link', { exact: true }).inputValue()
    expect(link).toMatch(/#token=[\w-]{43}$/)
    await page.getByText('No password yet').waitFor()
    expect(await violations(page)).toEqual([])
    await page.getByRole('button', { name: 'Done', exact: true }).click()
    expect(await page.getByLabel('Link', { exact: true }).count()).toBe(0)

    await other.goto('about:blank')
    await other.goto(link)
    await other.getByRole('textbox', { name: 'New password' }).fill(password)
    await other.getByRole('button', { name: 'Save and go in' }).click()
    await isLive(other)

    await page.getByLabel('Role of Sari Wulandari').selectOption('operator')
    await other.getByText('Your session is over.').waitFor(within)
    await signIn(other, 'sari')
    await isLive(other)

    await page.getByRole('button', { name: 'Disable Sari Wulandari' }).click()
    await page.getByText('Sari Wulandari is signed out everywhere').waitFor()
    await page.getByRole('button', { name: 'Disable', exact: true }).click()
    await page.getByRole('button', { name: 'Enable Sari Wulandari' }).waitFor()
    await other.getByText('Your session is over.').waitFor(within)
    await signIn(other, 'sari')
    await other.getByText('The user name or the password is wrong.').waitFor(within)

    await page.getByRole('button', { name: 'Disable Dewi Lestari' }).click()
    await page.getByRole('button', { name: 'Disable', exact: true }).click()
    await page.getByText('Nobody else can sign in as administrator.').waitFor(within)
    await page.getByRole('button', { name: 'Remove Sari Wulandari' }).click()
    await page.getByRole('button', { name: 'Remove', exact: true }).click()
    await page.getByRole('rowheader', { name: /Sari/ }).waitFor({ state: 'detached' })
  })
})
