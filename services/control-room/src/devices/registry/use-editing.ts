// A device that is being changed. What is sent holds only for the state that it was written upon: when somebody else
// was faster, their state is fetched and the two are put together, for the person to send again.
import type { Device } from '@ronda/contracts/device'
import { pagePathOf } from '@ronda/contracts/page-routes'
import { useState } from 'react'
import { fetchDevice } from '../../api/devices.ts'
import type { Refusal } from '../../api/http.ts'
import { changeDevice } from '../../api/registry.ts'
import { useRoom } from '../../context.tsx'
import type { Column } from './device-columns.ts'
import { type Draft, columnsOf, draftOf, mergeDraft, patchBy } from './device-draft.ts'

export interface Editing {
  readonly draft: Draft
  /** As it is registered, as far as this page knows. */
  readonly before: Draft
  readonly wrong: readonly Column[]
  readonly refusal: Refusal | undefined
  /** Somebody else was faster: the columns that both have changed. */
  readonly conflict: readonly Column[] | undefined
  readonly isAsking: boolean
  write(draft: Draft): void
  send(): void
}

const nothingWrong: readonly Column[] = []

export function useEditing(device: Device): Editing {
  const { address, city, notices } = useRoom()
  const { timeZone } = city.city
  const [known, setKnown] = useState(device)
  const before = draftOf(known, timeZone)
  const [draft, setDraft] = useState(before)
  const [wrong, setWrong] = useState(nothingWrong)
  const [refusal, setRefusal] = useState<Refusal>()
  const [conflict, setConflict] = useState<readonly Column[]>()
  const [isAsking, setAsking] = useState(false)

  async function send(): Promise<void> {
    setAsking(true)
    setRefusal(undefined)
    setWrong(nothingWrong)
    const reply = await changeDevice(known.id, { ...patchBy(draft, before, timeZone), revision: known.revision })
    if (reply.kind === 'answer') {
      const { id, name } = reply.body
      notices.say({ tone: 'plain', saying: ({ registry }) => registry.saved(name) })
      address.go(pagePathOf({ section: 'devices', id }))
      return
    }
    if (reply.kind === 'problem' && reply.problem.code === 'revision_conflict') await takeNewest(reply)
    else refuse(reply)
    setAsking(false)
  }

  function refuse(by: Refusal): void {
    setRefusal(by)
    setWrong(by.kind === 'problem' ? columnsOf(by.problem.problems ?? []) : nothingWrong)
  }

  async function takeNewest(by: Refusal): Promise<void> {
    const newest = await fetchDevice(known.id)
    if (newest.kind !== 'answer') return refuse(by)
    const merged = mergeDraft(draft, before, draftOf(newest.body, timeZone))
    setKnown(newest.body)
    setDraft(merged.draft)
    setConflict(merged.clashes)
  }

  return { draft, before, wrong, refusal, conflict, isAsking, write: setDraft, send: () => !isAsking && void send() }
}
