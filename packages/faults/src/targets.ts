// In time or not: the targets of the agencies, and what they make of a fault. Pure; who watches the clock is
// deadlines.ts.
import type { CityProfile } from '@ronda/contracts/city'
import type { Fault } from '@ronda/contracts/fault'

const minuteMs = 60_000

export interface Targets {
  /** When a fault that was announced is to be answered; undefined when nobody has set that. */
  dueAt(fault: Pick<Fault, 'agency' | 'severity' | 'announcedAt'>): Fault['dueAt']
}

export function createTargets(agencies: CityProfile['agencies']): Targets {
  const byAgency = new Map(agencies.map(({ id, targets }) => [id, targets]))
  return {
    dueAt({ agency, severity, announcedAt }) {
      const target = agency === undefined ? undefined : byAgency.get(agency)?.[severity]
      if (target === undefined || announcedAt === undefined) return undefined
      const after = (minutes: number) => announcedAt + Math.round(minutes * minuteMs)
      return { response: after(target.responseMin), repair: after(target.repairMin) }
    },
  }
}

/** Due times that nobody has met yet: the response until it is acknowledged, the repair until it clears. */
export function openDues(fault: Fault): { response?: number; repair?: number } {
  const { active, acknowledged, closedAt, dueAt, parentId, shelvedUntil } = fault
  if (!active || closedAt !== undefined || parentId !== undefined || shelvedUntil !== undefined) return {}
  if (dueAt === undefined) return {}
  return acknowledged ? { repair: dueAt.repair } : dueAt
}

/** The targets that are missed at a time, undefined for none: answered in the moment it is due is too late. */
export function missedAt(fault: Fault, at: number): Fault['missed'] {
  const { response = Infinity, repair = Infinity } = openDues(fault)
  if (at < response && at < repair) return undefined
  return { ...(at < response ? {} : { response: true }), ...(at < repair ? {} : { repair: true }) }
}
