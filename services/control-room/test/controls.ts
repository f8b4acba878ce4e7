// Which controls a page has offered to its person, and which of them were operated: so that a test that means all of
// them forgets none. A control is known by the place that it has on the page and by its words; what stands in a list,
// and the choices of one question, count as one.
import type { Page } from 'playwright-core'
import type { Language } from '../src/preferences.ts'
import type { Text } from '../src/text/en.ts'

export interface Controls {
  /** What was there to be operated and was not, sorted. */
  idle(): string[]
  /** How many there were. */
  count(): number
}

interface Told {
  how: 'offered' | 'used'
  place: string
  role: string
  name: string
}

/** Begins with the next document that the page loads. What is offered in another language is another page. */
export async function watchControls(page: Page, language: Language, text: Text): Promise<Controls> {
  const wordOf = dictionaryOf(text)
  const offered = new Set<string>()
  const used = new Set<string>()
  await page.exposeFunction('tellOfControl', ({ how, place, role, name }: Told) => {
    const control = [place, role, wordOf(name)].join(' | ')
    offered.add(control)
    if (how === 'used') used.add(control)
  })
  await page.addInitScript(watch, language)
  return {
    idle: () => [...offered].filter((control) => !used.has(control)).toSorted(),
    count: () => offered.size,
  }
}

const anything = '…'

/** What is said by the page, without what it is about: the name of a device, a person or a place is anything. */
function dictionaryOf(text: Text): (name: string) => string {
  const stand = '\u0001'
  const fixed = new Set<string>()
  const patterns: [pattern: RegExp, words: string][] = []
  const gather = (value: unknown): void => {
    if (typeof value === 'string') fixed.add(value)
    else if (isSaying(value)) {
      const said = sayWith(value, stand)
      const parts = said.split(stand).map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`))
      // What has hardly a word of its own would be anything.
      const isTelling = (parts.join('').match(/\p{L}/gu) ?? []).length > 3
      if (isTelling) patterns.push([new RegExp(`^${parts.join('.+')}$`), said.replaceAll(stand, anything)])
    } else if (typeof value === 'object' && value !== null) Object.values(value).forEach(gather)
  }
  gather(text)
  return (name) => (fixed.has(name) ? name : (patterns.find(([pattern]) => pattern.test(name))?.[1] ?? anything))
}

function isSaying(value: unknown): value is (...about: string[]) => unknown {
  return typeof value === 'function'
}

/** Words that depend on what they are about say nothing to a stand-in; they are no names of controls. */
function sayWith(say: (...about: string[]) => unknown, stand: string): string {
  try {
    return String(say(stand, stand, stand, stand))
  } catch {
    return ''
  }
}

/** Runs in the page. */
function watch(language: string): void {
  const controls = 'button, a[href], input, select, textarea, summary, [role="option"], [role="row"][id]'
  const places =
    'dialog, aside, nav, header, footer, search, form, table, fieldset, .panel, .notices, .alerts, .table, section, main'
  const told = new Set<string>()

  function describe(element: Element): Omit<Told, 'how'> {
    const question = element.matches('[type="radio"], [type="checkbox"], .camera-standings *')
      ? element.closest('fieldset')
      : null
    const place = (question?.parentElement ?? element).closest(places)
    // What is opened beside a list is the same beside a map, and so are the filters over it.
    const isOfSection = element.closest('#main') !== null && element.closest('aside.detail, search') === null
    const section = isOfSection ? `/${location.pathname.split('/')[1]}` : 'frame'
    const where = place?.classList[0] ?? place?.tagName.toLowerCase() ?? ''
    const type = element.getAttribute('type')?.replace('password', 'text')
    const role = type ?? element.getAttribute('role') ?? element.tagName.toLowerCase()
    return { place: `${section} ${where}`, role, name: nameOf(question ?? element) }
  }

  function nameOf(element: Element): string {
    // What one of a list says is not what it is called.
    if (element.matches('[role="row"], [role="option"]')) return ''
    if (element instanceof HTMLFieldSetElement) return wordsOf(element.querySelector('legend'))
    const label = element.getAttribute('aria-label')
    if (label !== null) return label
    const isField =
      element instanceof HTMLInputElement ||
      element instanceof HTMLSelectElement ||
      element instanceof HTMLTextAreaElement
    return wordsOf(isField ? (element.labels?.[0] ?? null) : element)
  }

  /** Without what is for the eye only, and without counts. */
  function wordsOf(element: Element | null): string {
    const copy = element?.cloneNode(true)
    if (!(copy instanceof Element)) return ''
    for (const aside of copy.querySelectorAll('[aria-hidden="true"], .count, .rail-count, input, select, textarea')) {
      aside.remove()
    }
    return (copy.textContent ?? '')
      .replaceAll(/\s+/g, ' ')
      .replace(/ \(\d+\)$/, '')
      .trim()
  }

  function tell(how: Told['how'], element: Element): void {
    const control = { how, ...describe(element) }
    const key = JSON.stringify(control)
    if (told.has(key)) return
    told.add(key)
    // Put there by exposeFunction.
    void (globalThis as unknown as { tellOfControl: (control: Told) => Promise<void> }).tellOfControl(control)
  }

  function isOperable(element: Element): boolean {
    const isFixed = element.matches(':disabled, [readonly], [hidden], [aria-hidden="true"] *')
    return !isFixed && element.closest('[inert]') === null && element.checkVisibility({ visibilityProperty: true })
  }

  let isAwaited = false
  function survey(): void {
    isAwaited = false
    if (document.documentElement.lang !== language) return
    for (const element of document.querySelectorAll(controls)) if (isOperable(element)) tell('offered', element)
  }
  new MutationObserver(() => {
    if (!isAwaited) requestAnimationFrame(survey)
    isAwaited = true
  }).observe(document, { childList: true, subtree: true, attributes: true })

  for (const kind of ['click', 'input', 'change'] as const) {
    document.addEventListener(
      kind,
      ({ target }) => {
        const control = target instanceof Element ? target.closest(controls) : null
        if (control !== null) tell('used', control)
      },
      { capture: true },
    )
  }
}
