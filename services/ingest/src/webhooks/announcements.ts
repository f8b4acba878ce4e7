// Which events a receiver is told of. Pure: what it was told of before is passed in.
import { type FaultEvent, isAnnouncement, matchesFilter } from '@ronda/contracts/fault'
import type { ReceiverFilter, WebhookEvent } from '@ronda/contracts/receiver'

export interface Verdict {
  /** What to tell; undefined: nothing. */
  tell: WebhookEvent | undefined
  /** Whether its end will be told as well; undefined: as before. */
  announced?: boolean
}

/** How a fault that was announced goes on, as far as it concerns those whom it was announced to. */
const consequences: ReadonlySet<WebhookEvent> = new Set(['cleared', 'closed', 'overdue', 'removed'])

/** `announced`: the receiver was told of this fault, and not yet of its end. */
export function judge({ event, fault, before }: FaultEvent, filter: ReceiverFilter, announced: boolean): Verdict {
  const matches = matchesFilter(filter, fault)
  const left = !matches && before !== undefined && matchesFilter(filter, before)
  const name: WebhookEvent | undefined = matches ? event : left ? 'removed' : undefined
  const isNews = matches && isAnnouncement({ event, fault })
  const isOver = event === 'closed' || name === 'removed'

  const wanted =
    name !== undefined &&
    (!filter.announcementsOnly || isNews || (announced && consequences.has(name))) &&
    (filter.events.length === 0 || filter.events.includes(name))
  const tell = wanted ? name : undefined
  if (isOver) return announced ? { tell, announced: false } : { tell }
  return isNews && !announced ? { tell, announced: true } : { tell }
}
