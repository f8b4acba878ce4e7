// What the command line of the pictures may say.
import { join } from 'node:path'
import { AppError } from '@ronda/contracts/errors'
import { readCommandLine, wholeNumber } from '@ronda/runtime/command-line'
import { type Look, languages, looksOf, sizes, themes } from './looks.ts'
import { screens } from './screens.ts'

export interface Options {
  names: string[]
  looks: Look[]
  out: string
  devices: number
  seed: number
  /** The README's picture, and nothing else. */
  isReadme: boolean
}

const all = {
  screens: Object.keys(screens),
  sizes: Object.keys(sizes) as (keyof typeof sizes)[],
  themes: Object.keys(themes) as (keyof typeof themes)[],
  languages: [...languages],
}

export const help = `npm run screenshots -- [options]

Starts Ronda in a temporary folder with a simulated city in which things are wrong, lets an evening pass, and takes
pictures of every screen in Chromium. Several are separated by commas.

  --screens S     ${all.screens.join(', ')} (all)
  --sizes S       ${all.sizes.join(', ')} (all)
  --themes S      ${all.themes.join(', ')} (all)
  --languages S   ${all.languages.join(', ')} (en)
  --out DIR       where to (screenshots/)
  --devices N     how many devices the city has (400)
  --seed S        another city and other faults (1)
  --readme        the README's picture, in its place, and no others
  --help
`

/** Undefined when help is asked for. Throws `config_invalid`. */
export function parseOptions(args: readonly string[]): Options | undefined {
  const { values } = readCommandLine({
    args: [...args],
    options: {
      screens: { type: 'string' },
      sizes: { type: 'string' },
      themes: { type: 'string' },
      languages: { type: 'string', default: 'en' },
      out: { type: 'string', default: join(import.meta.dirname, '..', '..', 'screenshots') },
      devices: { type: 'string', default: '400' },
      seed: { type: 'string', default: '1' },
      readme: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return undefined
  return {
    names: chosen('screens', values.screens, all.screens),
    looks: looksOf({
      sizes: chosen('sizes', values.sizes, all.sizes),
      themes: chosen('themes', values.themes, all.themes),
      languages: chosen('languages', values.languages, all.languages),
    }),
    out: values.out,
    devices: wholeNumber('devices', values.devices, 1, 10_000),
    seed: wholeNumber('seed', values.seed, 0, Number.MAX_SAFE_INTEGER),
    isReadme: values.readme,
  }
}

function chosen<T extends string>(flag: string, text: string | undefined, known: readonly T[]): T[] {
  if (text === undefined) return [...known]
  return text.split(',').map((name) => {
    const found = known.find((each) => each === name)
    if (found !== undefined) return found
    throw new AppError('config_invalid', `--${flag}: there is no ${name}: ${known.join(', ')}`)
  })
}
