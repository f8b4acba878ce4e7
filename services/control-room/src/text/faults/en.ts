// The words of faults: how they stand, what is done with them, and their detail, in English.
import { plural, sentence } from '../words.ts'

export const faultsEn = {
  state: {
    active: 'Active',
    cleared: (ago: string) => `Cleared ${ago} ago`,
    clearedPlain: 'Cleared',
    closed: 'Closed',
    unacknowledged: 'Not acknowledged',
    acknowledged: 'Acknowledged',
    taken: 'Taken, not decided yet',
    overdue: 'Overdue',
    shelved: (until: string) => `Shelved until ${until}`,
    maintenance: (until: string) => `Planned maintenance until ${until}`,
    over: 'Done',
  },
  due: {
    respondBy: 'Respond by',
    repairBy: 'Repair by',
    toRespond: 'to respond',
    toRepair: 'to repair',
    in: (left: string) => left,
    now: 'now',
    /** For how long the response or the repair has been late. */
    late: { response: (ago: string) => `response, ${ago}`, repair: (ago: string) => `repair, ${ago}` },
  },
  /** What can be done with a fault: its name, and how it is told what came of it. */
  actions: {
    acknowledge: {
      name: 'Acknowledge',
      pending: 'Acknowledging…',
      done: () => 'acknowledged',
      not: 'not acknowledged',
      nothing: 'Nothing to acknowledge: somebody has done all of it',
      anyway: 'Acknowledge anyway',
    },
    assign: {
      name: 'Assign',
      pending: 'Assigning…',
      done: (to?: string) => (to === undefined ? 'assignment changed' : `assigned to ${to}`),
      not: 'not assigned',
      nothing: 'Nothing to assign: all of it is closed',
      anyway: 'Assign anyway',
    },
    shelve: {
      name: 'Shelve',
      pending: 'Shelving…',
      done: (until?: string) => (until === undefined ? 'shelved' : `shelved until ${until}`),
      not: 'not shelved',
      nothing: 'Nothing to shelve: all of it is held back already',
      anyway: 'Shelve anyway',
    },
    unshelve: {
      name: 'Unshelve',
      pending: 'Unshelving…',
      done: () => 'taken off the shelf',
      not: 'not taken off the shelf',
      nothing: 'Nothing to take off the shelf',
      anyway: 'Unshelve anyway',
    },
    comment: {
      name: 'Comment',
      pending: 'Noting…',
      done: () => 'comment noted',
      not: 'comment not noted',
      nothing: 'Nothing to comment on: all of it is closed',
      anyway: 'Comment anyway',
    },
    close: {
      name: 'Close fault',
      pending: 'Closing…',
      done: () => 'closed',
      not: 'not closed',
      nothing: 'Nothing to close: all of it is closed already',
      anyway: 'Close anyway',
    },
  },
  /** `done` and `not` are the words of an action. */
  outcomes: {
    done: (n: number, what: string, done: string) => (n === 1 ? `${sentence(done)}: ${what}` : `${n} ${done}`),
    already: (n: number, what: string, done: string, by: string | undefined) =>
      n === 1 ? `${by ?? 'Somebody'} was first: ${what} had been ${done}` : `${n} had been ${done} by others`,
    changed: (n: number, what: string, not: string, by: string | undefined) =>
      n === 1
        ? `${what} changed while you looked${by === undefined ? '' : ` (${by} had it last)`}: ${not}`
        : `${n} changed while you looked: ${not}`,
    gone: (n: number, what: string) => (n === 1 ? `${what} is closed already` : `${n} are closed already`),
    undecided: (n: number, what: string) =>
      n === 1
        ? `${what}: taken, but not decided yet. It will show when it is.`
        : `${n} taken, but not decided yet. They will show when they are.`,
    refused: (not: string) => `Your session does not allow it: ${not}. Sign in again.`,
    failed: (n: number, what: string, not: string) =>
      n === 1 ? `${what}: the server did not answer, ${not}` : `${n} ${not}: the server did not answer`,
    retry: 'Try again',
    undo: 'Undo',
  },
  selection: {
    label: 'With the selected faults',
    selected: (n: number) => `${n} selected`,
    clear: 'Clear selection',
    /** An action and to how many of the selected it applies. */
    some: (action: string, n: number) => `${action} (${n})`,
    acknowledgeWhich: (what: string) => `Acknowledge: ${what}`,
  },
  asking: {
    /** What is asked of one fault, or of several. */
    assign: (n: number) => (n === 1 ? 'Assign' : `Assign ${n} faults`),
    shelve: (n: number) => (n === 1 ? 'Shelve' : `Shelve ${n} faults`),
    comment: (n: number) => (n === 1 ? 'Comment' : `Comment on ${n} faults`),
    close: (n: number) => (n === 1 ? 'Close' : `Close ${n} faults`),
    assignee: 'Name of a person or a crew',
    toMe: 'To me',
    toNobody: 'To nobody',
    assignMe: 'Assign to me',
    inUse: 'Names in use',
    duration: 'For how long',
    shelveMeaning: 'It is recorded and counted, but not announced again until then, also when it comes back meanwhile.',
    until: (at: string) => `until ${at}`,
    reason: 'Reason',
    reasonMeaning: 'Stays in the trail under your name.',
    note: 'Comment',
    closeActive: 'It is still active: closed now, it is silent until its condition has cleared once.',
    closeSomeActive: (n: number) =>
      `${n} of them are still active: closed now, they are silent until they have cleared.`,
    cancel: 'Cancel',
    shelveReasons: ['Repair is planned', 'Waiting for a part', 'The power company is on it', 'Known and watched'],
    closeReasons: ['Repaired on site', 'False alarm', 'Sensor is wrong', 'Duplicate'],
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
    maintenance: 'Planned maintenance',
    shelvedUntil: 'Shelved until',
    code: 'Code',
    evidence: 'Evidence',
    evidenceMeaning: 'The values when it was raised',
    limit: (value: string) => `limit ${value}`,
    /** Read out in place of a chart. */
    chart: (name: string, least: string, most: string, limit: string | undefined) =>
      `${name} around the raise, between ${least} and ${most}${limit === undefined ? '' : `; limit ${limit}`}`,
    noReadings: 'No readings are kept of the hours around the raise.',
    week: 'The device’s last week',
    weekNothing: 'Nothing else was wrong with it in these days.',
    weekMore: (n: number) => `and ${n} more`,
    weekCount: (n: number) => `${plural(n, 'fault', 'faults')} in seven days`,
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
    graver: 'graver than it was',
    'rule switched off': 'its rule was switched off',
    'maintenance over': 'the maintenance is over, it is not',
  },
  /** Who did it, where somebody did, and to whom or until when. */
  trail: {
    raised: () => 'Raised',
    updated: () => 'Changed',
    acknowledged: (by?: string) => (by === undefined ? 'Acknowledged' : `${by} acknowledged it`),
    assigned: (by?: string, to?: string) => {
      if (to === undefined) return `${by ?? 'Somebody'} took it from whoever had it`
      return by === to ? `${to} took it on` : `${by ?? 'Somebody'} assigned it to ${to}`
    },
    shelved: (by?: string, until?: string) =>
      `${by === undefined ? 'Held back' : `${by} shelved it`} until ${until ?? '–'}`,
    unshelved: (by?: string) => (by === undefined ? 'No longer held back' : `${by} took it off the shelf`),
    commented: (by?: string) => `${by ?? 'Somebody'} commented`,
    cleared: () => 'Cleared',
    closed: (by?: string) => (by === undefined ? 'Closed' : `${by} closed it`),
    overdue: () => 'Became overdue',
  },
}
