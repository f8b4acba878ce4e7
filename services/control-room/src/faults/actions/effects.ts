// What actions mean for a fault before the server has decided: which can be done to it at all, how it will look,
// whether what was seen still stands, and what would undo it.
import type { FaultActionName } from '@ronda/contracts/action'
import type { Fault } from '@ronda/contracts/fault'
import type { ActionRequest } from '../../api/faults.ts'

/** In the order in which they are offered. */
export const actionNames = [
  'acknowledge',
  'assign',
  'shelve',
  'unshelve',
  'comment',
  'close',
] as const satisfies readonly FaultActionName[]

/** Somebody has shelved it: not a maintenance window, whose end is planned elsewhere. */
function isShelved({ shelvedUntil, maintenance }: Fault): boolean {
  return shelvedUntil !== undefined && maintenance === undefined
}

/** Whether it would change anything. */
export function canDo(action: FaultActionName, fault: Fault): boolean {
  if (fault.closedAt !== undefined) return false
  if (action === 'acknowledge') return !fault.acknowledged
  if (action === 'shelve') return fault.shelvedUntil === undefined
  return action !== 'unshelve' || isShelved(fault)
}

export interface Asked {
  readonly request: ActionRequest
  /** Who asks. */
  readonly by: string
  /** ms UTC of the city's clock. */
  readonly at: number
}

/** The fault as it will be. What cannot be undone is not shown as done before it is. */
export function foresee(fault: Fault, { request, by, at }: Asked): Fault {
  switch (request.action) {
    case 'acknowledge':
      return { ...fault, acknowledged: true, acknowledgedBy: by }
    case 'assign':
      return request.assignee === null ? withoutAssignee(fault) : { ...fault, assignee: request.assignee }
    case 'shelve':
      return { ...fault, shelvedUntil: request.until ?? at + (request.durationMin ?? 0) * 60_000 }
    case 'unshelve': {
      const { shelvedUntil: _over, ...unshelved } = fault
      return unshelved
    }
    case 'comment':
    case 'close':
    default:
      return fault
  }
}

function withoutAssignee({ assignee: _nobody, ...fault }: Fault): Fault {
  return fault
}

/** Whether what an operator goes by is as it was: measurements and counts of an open fault change all the time. */
export function isAsSeen(seen: Fault, now: Fault): boolean {
  return weighed.every((key) => seen[key] === now[key])
}

const weighed = [
  'name',
  'severity',
  'active',
  'acknowledged',
  'assignee',
  'shelvedUntil',
  'closedAt',
  'parentId',
] as const satisfies readonly (keyof Fault)[]

/** What takes an action back; undefined when nothing does, or when somebody has changed it since. */
export function undoOf(request: ActionRequest, before: Fault, now: Fault): ActionRequest | undefined {
  if (request.action === 'shelve' && isShelved(now)) return { action: 'unshelve' }
  if (request.action !== 'assign' || (now.assignee ?? null) !== request.assignee) return undefined
  const assignee = before.assignee ?? null
  return assignee === request.assignee ? undefined : { action: 'assign', assignee }
}
