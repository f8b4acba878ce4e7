// What is expected next, and how long there is left: late is red, and says so.
import type { Fault } from '@ronda/contracts/fault'
import { useEachSecond, useRoom, useText, useTimes } from '../context.tsx'
import { formatAge } from '../format/age.ts'
import { type Due, dueOf } from './due.ts'

export function DueTime({ fault }: { fault: Fault }) {
  const due = dueOf(fault)
  if (due === undefined) return null
  return <Countdown due={due} isOverdue={fault.overdue} isHeld={fault.shelvedUntil !== undefined} />
}

function Countdown({ due: { what, at }, isOverdue, isHeld }: { due: Due; isOverdue: boolean; isHeld: boolean }) {
  const { clock } = useRoom()
  const { due, state, age } = useText()
  const times = useTimes()
  const left = useEachSecond(() => formatAge(Math.abs(at - clock.now()), age))
  const isPast = useEachSecond(() => (clock.now() > at ? 'past' : '')) !== ''
  const title = `${what === 'response' ? due.respondBy : due.repairBy} ${times.exact(at)}`
  // The mark is the server's word: what is held back, or was announced late, is not late yet.
  return (
    <time className={isHeld ? 'due due-held' : 'due'} dateTime={new Date(at).toISOString()} title={title}>
      {isOverdue ? (
        <span className="overdue">{state.overdue}</span>
      ) : (
        <span className="due-left">{isPast ? due.now : due.in(left)}</span>
      )}
      <span className="due-what">
        {isOverdue && isPast ? due.late[what](left) : what === 'response' ? due.toRespond : due.toRepair}
      </span>
    </time>
  )
}
