// The page's words in English. The other languages have the same keys, by their type.
import type { Severity } from '@ronda/contracts/fault'
import type { Role } from '@ronda/contracts/session'
import type { DeviceKind } from '@ronda/contracts/topics'

const plural = (n: number, one: string, many: string) => `${n} ${n === 1 ? one : many}`

const members: Record<DeviceKind, [one: string, many: string]> = {
  streetlight: ['light', 'lights'],
  cabinet: ['cabinet', 'cabinets'],
  camera: ['camera', 'cameras'],
  'access-point': ['access point', 'access points'],
  gateway: ['gateway', 'gateways'],
}

const severity: Record<Severity, string> = { critical: 'Critical', major: 'Major', minor: 'Minor', warning: 'Warning' }

const kind: Record<DeviceKind, string> = {
  streetlight: 'Street light',
  cabinet: 'Cabinet',
  camera: 'Camera',
  'access-point': 'Access point',
  gateway: 'Gateway',
}

const role: Record<Role, string> = { operator: 'Operator', administrator: 'Administrator' }

export const en = {
  severity,
  kind,
  role,
  frame: {
    controlRoom: 'Control room',
    skipToFaults: 'Skip to the faults',
    sections: 'Sections',
    faults: 'Faults',
    language: 'Language',
    toLightTheme: 'Light theme',
    toDarkTheme: 'Dark theme',
    toCompact: 'Compact rows',
    toComfortable: 'Comfortable rows',
    keys: 'Keyboard',
    account: 'Account',
    signOut: 'Sign out',
    signOutFailed: 'Signing out did not work: the server does not answer. Try again.',
    simulated: 'Simulated',
    simulatedMeaning: 'Time and devices are simulated: nothing here is happening in the city.',
    close: 'Close',
    title: (pressing: number, open: number, city: string) =>
      pressing > 0 ? `◆ ${pressing} critical · ${city}` : open > 0 ? `${open} open · ${city}` : city,
  },
  connection: {
    connecting: 'Connecting',
    catchingUp: 'Catching up',
    live: 'Live',
    stale: (since: string) => `Stale since ${since}`,
    reconnecting: (since: string) => `Reconnecting since ${since}`,
    denied: 'Signed out',
    liveMeaning: 'Faults appear here as they are decided.',
    staleMeaning: 'Connected, but the city’s data has not moved on since then.',
    catchingUpMeaning: 'Connected, and fetching what was missed.',
    reconnectingMeaning: 'What you see is as of then. Nothing is lost: it catches up by itself.',
  },
  alerts: {
    region: 'What needs attention now',
    more: (n: number) => `${n} more critical`,
    standing: (n: number) => `${n} critical open, ${n === 1 ? '' : 'all '}acknowledged`,
    show: 'Show',
    blind: (source: string, since: string) =>
      `No data from ${source} since ${since}: silence below may be ours, not the devices’.`,
    lost: (since: string) => `Connection lost at ${since}. The list is as of then and catches up by itself.`,
    stale: (since: string) =>
      `The city’s data has not moved on since ${since}. What happened after that is not here yet.`,
    announce: (what: string, where: string) => `Critical: ${what}, ${where}`,
  },
  filters: {
    region: 'Filters',
    search: 'Search device, place, fault',
    clearSearch: 'Clear the search',
    agency: 'Agency',
    everyAgency: 'All agencies',
    district: 'District',
    kind: 'Kind',
    severity: 'Severity',
    unacknowledged: 'Not acknowledged',
    active: 'Active',
    clear: 'Clear filters',
    chosen: (n: number) => `${n} chosen`,
    none: 'Show all',
  },
  list: {
    label: 'Open faults',
    summary: (open: number, unacknowledged: number) => `${open} open, ${unacknowledged} not acknowledged`,
    narrowed: (shown: number, open: number) => `${shown} of ${open} open`,
    waiting: (n: number) => `${n} new`,
    waitingMeaning: 'Let the new faults into the list',
    severity: 'Severity',
    what: 'Fault',
    where: 'Device and place',
    age: 'Age',
    state: 'State',
    select: (what: string) => `Select ${what}`,
    selectAll: 'Select all',
    unfold: (n: string) => `Show ${n}`,
    fold: (n: string) => `Fold ${n}`,
    members: (n: number, kindOfAll: DeviceKind | undefined) => {
      const [one, many] = kindOfAll === undefined ? ['device', 'devices'] : members[kindOfAll]
      return plural(n, one, many)
    },
    occurrences: (n: number) => `Raised ${n} times since it was opened`,
    empty: 'No open faults',
    emptyMeaning: 'All is well, as far as the city can tell. A fault appears here by itself.',
    emptyBlind: 'No open faults are known. Some sources are silent, so there may be more than is shown.',
    noDevices: 'No devices yet',
    noDevicesMeaning: 'Nothing is watched until an administrator has registered devices, one by one or many as CSV:',
    registeringInFull: 'How to use the API',
    noMatch: 'No fault fits the filters',
    noMatchMeaning: (open: number) => `${plural(open, 'fault is', 'faults are')} open outside of them.`,
    loading: 'Fetching the open faults',
  },
  state: {
    active: 'Active',
    cleared: (ago: string) => `Cleared ${ago} ago`,
    clearedPlain: 'Cleared',
    closed: 'Closed',
    unacknowledged: 'Not acknowledged',
    acknowledged: 'Acknowledged',
    acknowledging: 'Acknowledging…',
    overdue: 'Overdue',
    shelved: 'Shelved',
    over: 'Done',
  },
  actions: {
    acknowledge: 'Acknowledge',
    acknowledgeAll: (n: number) => `Acknowledge ${n}`,
    acknowledgeWhich: (what: string) => `Acknowledge: ${what}`,
    again: 'Acknowledge anyway',
    retry: 'Try again',
    selected: (n: number) => `${n} selected`,
    clearSelection: 'Clear selection',
    done: (n: number, what: string) => (n === 1 ? `Acknowledged: ${what}` : `${n} acknowledged`),
    already: (n: number, what: string, by: string | undefined) =>
      n === 1 ? `${by ?? 'Somebody'} was first: ${what} had been acknowledged` : `${n} had been acknowledged by others`,
    changed: (n: number, what: string) =>
      n === 1
        ? `${what} changed while you looked: not acknowledged`
        : `${n} changed while you looked: not acknowledged`,
    gone: (n: number, what: string) => (n === 1 ? `${what} is closed already` : `${n} are closed already`),
    undecided: (n: number, what: string) =>
      n === 1
        ? `${what}: no answer yet, it will show when it comes`
        : `${n} without an answer yet, they will show when it comes`,
    refused: 'Not acknowledged: your session does not allow it. Sign in again.',
    failed: (n: number, what: string) =>
      n === 1
        ? `${what}: the server did not answer, not acknowledged`
        : `${n} not acknowledged: the server did not answer`,
    nothing: 'Nothing to acknowledge: somebody has done all of it',
  },
  detail: {
    label: 'Fault',
    back: 'Back to the list',
    raised: 'Raised',
    updated: 'Last change',
    clearedAt: 'Cleared',
    closedAt: 'Closed',
    occurrences: 'Occurrences',
    device: 'Device',
    kind: 'Kind',
    district: 'District',
    agency: 'Agency',
    position: 'Position',
    acknowledged: 'Acknowledged by',
    assignee: 'Assigned to',
    respondBy: 'Respond by',
    repairBy: 'Repair by',
    shelvedUntil: 'Shelved until',
    code: 'Code',
    evidence: 'Evidence',
    evidenceMeaning: 'The values when it was raised',
    caused: (n: string) => `Caused ${n}`,
    cause: 'Caused by',
    trail: 'What happened',
    all: (n: number) => `Show all ${n}`,
    missing: 'This fault is not open',
    missingMeaning: 'It was closed, or it is not of the agency that you have chosen.',
    closedMeaning: 'It is closed, and no longer in the list.',
    yes: 'yes',
    no: 'no',
  },
  /** What the system itself notes in a trail; anything else is a person's own words. */
  notes: {
    retired: 'the device was retired',
    disabled: 'the device was disabled',
    registry: 'the device’s entry was changed',
    consequence: 'as a consequence of another fault',
    'on its own': 'its cause is over, it is not',
    'with its cause': 'together with its cause',
    unshelved: 'off the shelf, and still true',
    'maintenance over': 'the maintenance is over, it is not',
  },
  trail: {
    raised: 'Raised',
    updated: 'Changed',
    acknowledged: 'Acknowledged',
    assigned: 'Assigned',
    shelved: 'Shelved',
    unshelved: 'Taken off the shelf',
    commented: 'Comment',
    cleared: 'Cleared',
    closed: 'Closed',
    overdue: 'Overdue',
  },
  keys: {
    title: 'Keyboard',
    move: 'Move through the list',
    ends: 'First and last row',
    open: 'Open the fault',
    fold: 'Fold and unfold what it caused',
    acknowledge: 'Acknowledge the row, or the selection',
    select: 'Select the row',
    range: 'Select on the way',
    letIn: 'Let new faults in',
    search: 'Search',
    leave: 'Close, or clear the selection',
    help: 'This list',
    moveShort: 'move',
    openShort: 'open',
    acknowledgeShort: 'acknowledge',
    helpShort: 'all keys',
    letters: 'Single letters are commands',
  },
  signIn: {
    title: 'Sign in',
    none: 'You are not signed in on this browser.',
    used: 'This sign-in link was used already, or is older than ten minutes.',
    over: 'Your session is over.',
    out: 'You are signed out.',
    refused: 'The server does not accept this sign-in.',
    how: 'On the machine that runs Ronda, make a new link and open it in this browser:',
    once: 'A link works once, for ten minutes.',
    working: 'Signing in…',
    unreachable: 'The server does not answer',
    unreachableMeaning: 'Trying again by itself. If it lasts, see whether Ronda is running.',
  },
  age: {
    seconds: (n: number) => `${n} s`,
    minutes: (n: number) => `${n} min`,
    hours: (h: number, min: number) => (min === 0 ? `${h} h` : `${h} h ${min} min`),
    days: (d: number, h: number) => (h === 0 ? `${d} d` : `${d} d ${h} h`),
  },
}

export type Text = typeof en
