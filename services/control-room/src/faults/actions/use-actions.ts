// What the screen does when an operator wants something done: at once where nothing more is to be said, and
// otherwise after a dialog has asked for it.
import type { FaultActionName } from '@ronda/contracts/action'
import type { Fault } from '@ronda/contracts/fault'
import { may } from '@ronda/contracts/permissions'
import { useMemo } from 'react'
import type { ActionRequest } from '../../api/faults.ts'
import { locales, useRoom } from '../../context.tsx'
import { timesFor } from '../../format/times.ts'
import type { Language } from '../../preferences.ts'
import { canDo } from './effects.ts'
import { performAndTell } from './perform-and-tell.ts'

export interface Actions {
  /** Whether its person may, and it would change anything: nothing else is offered. */
  can(action: FaultActionName, fault: Fault): boolean
  /** Does it and tells what became of it. */
  perform(request: ActionRequest, faults: readonly Fault[]): void
  /** Asks what it takes, if it takes anything. */
  want(action: FaultActionName, faults: readonly Fault[]): void
  assignToMe(faults: readonly Fault[]): void
}

export function useActions(): Actions {
  const room = useRoom()
  return useMemo(() => {
    const { asking, city, clock, session } = room
    const deps = {
      performer: room.performer,
      faults: room.faults,
      notices: room.notices,
      sayMoment: (at: number, language: Language) =>
        timesFor({ locale: locales[language], timeZone: city.city.timeZone }).moment(at, clock.now()),
    }
    const can: Actions['can'] = (action, fault) => {
      const needed = action === 'close' && fault.active ? 'closeActiveFaults' : 'handleFaults'
      return may(session.role, needed) && canDo(action, fault)
    }
    const perform: Actions['perform'] = (request, faults) => void performAndTell(deps, request, faults)
    return {
      can,
      perform,
      want(action, faults) {
        if (faults.length === 0 || !may(session.role, 'handleFaults')) return
        if (action === 'acknowledge' || action === 'unshelve') return perform({ action }, faults)
        // With nothing that it could be done to, it says so without asking anything.
        const doable = faults.filter((fault) => can(action, fault))
        asking.set({ action, faults: doable.length === 0 ? faults : doable })
      },
      assignToMe(faults) {
        if (faults.length > 0 && may(session.role, 'handleFaults'))
          perform({ action: 'assign', assignee: session.name }, faults)
      },
    }
  }, [room])
}
