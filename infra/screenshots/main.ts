// `npm run screenshots`: pictures of every screen, of a city that is always the same.
import { join } from 'node:path'
import { optionsOrExit } from '@ronda/runtime/command-line'
import { exitCodeOf, tellFailure } from '@ronda/runtime/lifecycle'
import type { Browser } from 'playwright-core'
import { launchChromium } from '../testing/chromium.ts'
import { type City, startCity } from './city.ts'
import { type Options, help, parseOptions } from './options.ts'
import { openPhotographer } from './photographer.ts'
import { screens } from './screens.ts'

const readme = {
  file: join(import.meta.dirname, '..', '..', 'docs', 'images', 'control-room.png'),
  name: 'fault',
  look: { size: 'desk', theme: 'night', language: 'en' },
  viewport: { width: 1440, height: 900 },
} as const

const options = optionsOrExit(parseOptions, () => help)
const say = (line: string) => void process.stderr.write(`${line}\n`)
try {
  const city = await startCity({ ...options, say })
  try {
    const browser = await launchChromium()
    try {
      process.exitCode = await takeAll(city, browser, options)
    } finally {
      await browser.close()
    }
  } finally {
    await city.stop()
  }
} catch (error) {
  tellFailure(error)
  process.exitCode = exitCodeOf(error)
}

/** 1 when a browser complained. */
async function takeAll(city: City, browser: Browser, { names, looks, out, isReadme }: Options): Promise<number> {
  let complaints = 0
  const onComplaint = (text: string) => {
    complaints += 1
    say(`complaint: ${text}`)
  }
  const rounds = isReadme ? [{ look: readme.look, names: [readme.name] }] : looks.map((look) => ({ look, names }))
  for (const round of rounds) {
    const { size, theme, language } = round.look
    const viewport = isReadme ? { viewport: readme.viewport } : {}
    const photographer = await openPhotographer({ browser, city, look: round.look, onComplaint, ...viewport })
    for (const name of round.names) {
      const screen = screens[name]
      if (screen === undefined) continue
      const file = isReadme ? readme.file : join(out, `${name}-${size}-${theme}-${language}.png`)
      await photographer.take(screen, file)
      say(file)
    }
    await photographer.leave()
  }
  return complaints > 0 ? 1 : 0
}
