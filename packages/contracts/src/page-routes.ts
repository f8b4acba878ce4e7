// Where the control room's page has something to show: fanout answers these paths with the page and others with 404,
// the page finds its section by them. A new section begins here.

/** In the order of the rail. */
export const pageSections = ['faults', 'map', 'devices', 'cameras', 'overview', 'wall', 'system', 'accounts'] as const
export type PageSection = (typeof pageSections)[number]

export interface PageRoute {
  readonly section: PageSection
  /** What of the section is shown, as `pju-1` of `/devices/pju-1`. */
  readonly id?: string
}

const paths: Readonly<Record<PageSection, string>> = {
  faults: '/',
  map: '/map',
  devices: '/devices',
  cameras: '/cameras',
  overview: '/overview',
  wall: '/wall',
  system: '/system',
  accounts: '/accounts',
}
/** The sections that show one of theirs at an address of its own. */
const withId: ReadonlySet<PageSection> = new Set(['devices', 'system'])

export function pagePathOf({ section, id }: PageRoute): string {
  return id === undefined ? paths[section] : `${paths[section]}/${encodeURIComponent(id)}`
}

/** `path` as it stands in an address, without its query; undefined where there is nothing. */
export function parsePagePath(path: string): PageRoute | undefined {
  for (const section of pageSections) {
    if (path === paths[section]) return { section }
    if (!withId.has(section) || !path.startsWith(`${paths[section]}/`)) continue
    const id = decode(path.slice(paths[section].length + 1))
    if (id !== undefined && id !== '' && !id.includes('/')) return { section, id }
  }
  return undefined
}

function decode(part: string): string | undefined {
  try {
    return decodeURIComponent(part)
  } catch {
    return undefined
  }
}
