// Times as the city's people write them: in the city's zone whatever the desk's, 24 hours, by the language.
export interface Times {
  /** 21:44:07 */
  clock(ms: number): string
  /** Fri 21 Nov */
  day(ms: number): string
  /** Fri 21 Nov 21:44:07 */
  dayAndClock(ms: number): string
  /** 21:44, or with its day when that is not today. */
  moment(ms: number, now: number): string
  /** Everything, with the zone: for hovering and the detail. */
  exact(ms: number): string
  /** 21 Nov */
  date(ms: number): string
  /** Fri */
  weekday(ms: number): string
  /** ms since the city's last midnight. */
  sinceMidnight(ms: number): number
  /** WIB */
  readonly zone: string
}

export interface TimesOptions {
  /** BCP 47. */
  locale: string
  /** IANA. */
  timeZone: string
}

const made = new Map<string, Times>()

/** The same for the same options: formats cost as much as a row of the list, and every row has times. */
export function timesFor({ locale, timeZone }: TimesOptions): Times {
  const key = `${locale} ${timeZone}`
  const known = made.get(key) ?? createTimes({ locale, timeZone })
  made.set(key, known)
  return known
}

export function createTimes({ locale, timeZone }: TimesOptions): Times {
  const formatter = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { timeZone, hourCycle: 'h23', ...options })
  const clock = formatter({ hour: '2-digit', minute: '2-digit', second: '2-digit' })
  const minute = formatter({ hour: '2-digit', minute: '2-digit' })
  const day = formatter({ weekday: 'short', day: 'numeric', month: 'short' })
  const shortDate = formatter({ day: 'numeric', month: 'short' })
  const dayAndMinute = formatter({ day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' })
  const full = formatter({
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  })
  const weekday = formatter({ weekday: 'short' })
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hourCycle: 'h23',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  })
  const date = formatter({ year: 'numeric', month: 'numeric', day: 'numeric' })
  const zone = zoneName(timeZone)
  return {
    clock: (ms) => clock.format(ms),
    day: (ms) => day.format(ms),
    dayAndClock: (ms) => `${day.format(ms)} ${clock.format(ms)}`,
    moment: (ms, now) => (date.format(ms) === date.format(now) ? minute : dayAndMinute).format(ms),
    date: (ms) => shortDate.format(ms),
    weekday: (ms) => weekday.format(ms),
    sinceMidnight(ms) {
      const [hours = 0, minutes = 0, seconds = 0] = parts.format(ms).split(':').map(Number)
      return ((hours * 60 + minutes) * 60 + seconds) * 1_000 + (ms % 1_000)
    },
    exact: (ms) => `${full.format(ms)} ${zone}`,
    zone,
  }
}

/** The zone's own name where a language of the page has one, as Indonesian has WIB; its offset otherwise. */
function zoneName(timeZone: string): string {
  const names = ['id-ID', 'en-GB'].map((locale) =>
    new Intl.DateTimeFormat(locale, { timeZone, timeZoneName: 'short' })
      .formatToParts(0)
      .find(({ type }) => type === 'timeZoneName'),
  )
  const named = names.find((part) => part !== undefined && !/^(GMT|UTC)[+-]/.test(part.value))
  return (named ?? names[0])?.value ?? timeZone
}
