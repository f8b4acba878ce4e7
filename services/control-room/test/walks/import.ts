// A file of devices: chosen, looked at, confirmed; with problems; and begun anew.
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { type Hand, counted, follow, press } from '../hand.ts'
import { dialog } from '../page.ts'

const header = 'id,kind,name,latitude,longitude,district,street'

export async function walkImport({ page, text, language, town, open }: Hand): Promise<void> {
  const { registry, importing, tokens, devices } = text
  const old = `old-${language}`
  await town.register({ id: old, kind: 'streetlight', name: `PJU ${old}` })
  await open('/devices')
  await follow(page, registry.import)
  await follow(page, devices.toAll)
  await follow(page, registry.import)
  for (const [role, name] of [
    ['button', importing.template],
    ['link', importing.current],
  ] as const) {
    await Promise.all([page.waitForEvent('download'), page.getByRole(role, { name, exact: true }).click()])
  }

  // With problems nothing can be imported, and they can be taken along.
  await pick(page, importing.choose, [header, 'ok-1,camera,A,-6.3,106.7,setu,', 'bad-1,camera,B,north,106.7,setu,'])
  await Promise.all([page.waitForEvent('download'), press(page, importing.saveProblems)])
  for (const tab of [
    importing.all,
    importing.outcomes.updated,
    importing.outcomes.unchanged,
    importing.problems,
    importing.outcomes.registered,
  ]) {
    await counted(page, tab).click()
  }
  await press(page, importing.other)

  await pick(page, importing.choose, [
    header,
    `imp-${language}-1,camera,CCTV 1,-6.31,106.7,setu,`,
    `imp-${language}-2,camera,CCTV 2,-6.31,106.7,setu,`,
    `${old},streetlight,PJU ${old},-6.3,106.7,serpong,Jl. Astek`,
  ])
  await page.getByRole('listbox').getByRole('option').first().click()
  await page.getByRole('complementary', { name: importing.value }).getByText('CCTV 1').first().waitFor()
  const reissue = page.getByRole('checkbox', { name: importing.reissue })
  await reissue.click()
  await page.getByText(importing.tokensAhead(3)).waitFor()
  await reissue.click()
  await page.getByText(importing.tokensAhead(2)).waitFor()
  // Somebody else is faster: what the import would do is looked at again.
  await town.change(old, { pole: 'P-1' })
  await press(page, importing.importNow(importing.confirm(2, 1)))
  await page.getByText(importing.changedSince).waitFor()
  await press(page, importing.again)
  await press(page, importing.importNow(importing.confirm(2, 1)))
  const shown = dialog(page, tokens.titleOfMany(2))
  await Promise.all([page.waitForEvent('download'), press(shown, tokens.save)])
  await press(shown, tokens.done)
  await page.getByText(importing.doneCounts(2, 1, 0)).waitFor()
  await press(page, importing.other)
  await pick(page, importing.choose, [header, `${old},streetlight,PJU ${old},-6.3,106.7,serpong,Jl. Muncul`])
  await press(page, importing.importNow(importing.confirm(0, 1)))
  await follow(page, importing.toDevices)
  await expect.poll(() => new URL(page.url()).search).toBe('')
}

async function pick(page: Page, choose: string, lines: readonly string[]): Promise<void> {
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), press(page.locator('.import-drop'), choose)])
  await chooser.setFiles({ name: 'lampu.csv', mimeType: 'text/csv', buffer: Buffer.from(lines.join('\n')) })
}
