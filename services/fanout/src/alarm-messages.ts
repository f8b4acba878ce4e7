// The alarm figures as messages: computed once for all who have the same filter, and told again only when they differ.
import type { AlarmBoard } from './alarm-board.ts'
import { messageBytes } from './frames.ts'
import type { Group } from './groups.ts'

export interface AlarmMessages {
  /** For one who has just joined the live readers of a group: what the others know; for the first one as it is now. */
  current(group: Group): Buffer
  /** What they do not know yet; undefined when the figures are the same. */
  changed(group: Group): Buffer | undefined
}

interface Told {
  /** All but the period, which always goes on. */
  figures: string
  bytes: Buffer
}

export function createAlarmMessages(board: Pick<AlarmBoard, 'metrics'>): AlarmMessages {
  const told = new WeakMap<Group, Told>()

  function tell(group: Group): Told {
    const metrics = board.metrics(group.filter)
    const { from: _from, to: _to, ...figures } = metrics
    const now = { figures: JSON.stringify(figures), bytes: messageBytes({ type: 'alarm-metrics', ...metrics }) }
    told.set(group, now)
    return now
  }

  return {
    current(group) {
      const others = group.live.size - 1
      return ((others > 0 ? told.get(group) : undefined) ?? tell(group)).bytes
    },
    changed(group) {
      const before = told.get(group)?.figures
      const { figures, bytes } = tell(group)
      return figures === before ? undefined : bytes
    },
  }
}
