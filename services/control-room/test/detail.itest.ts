// What the room knows of one fault.
import { describe, expect, test } from 'vitest'
import { camera, outage } from './faults.ts'
import { detail, rowOf } from './page.ts'
import { openRoom } from './room.ts'

const { raise, visit } = openRoom()

describe('the detail', () => {
  test('shows the evidence, the trail and what was caused; Back closes it', async () => {
    const [parent] = await raise(...outage(12))
    await raise(camera)
    const page = await visit()
    await rowOf(page, 'No picture').click()
    await detail(page).getByText('Age of the last frame').waitFor()
    await detail(page).getByText('3 min', { exact: true }).first().waitFor()
    await detail(page).getByText('cctv', { exact: false }).waitFor()
    expect(page.url()).toContain('?fault=')
    await page.goBack()
    await detail(page).waitFor({ state: 'detached' })

    await rowOf(page, 'Feeder outage').click()
    await detail(page).getByText('Caused 12 lights').waitFor()
    await detail(page).getByRole('button', { name: 'Show all 12' }).click()
    await detail(page).getByRole('button', { name: 'PJU Jl. Siliwangi 112' }).click()
    await detail(page).getByText('Caused by').waitFor()
    expect(page.url()).not.toContain(parent?.id)
  })

  test('of a link to a fault that is not open says so', async () => {
    const page = await visit({ query: '?fault=nobody.lamp_failure.1' })
    await detail(page).getByText('This fault is not open').waitFor()
    expect(await detail(page).getByRole('button').count()).toBe(1)
  })
})
