// A device that is being registered: what is written, what the server says to it, and its token when it is done.
import { pagePathOf } from '@ronda/contracts/page-routes'
import type { Device } from '@ronda/contracts/device'
import { useState } from 'react'
import type { Refusal, Reply } from '../../api/http.ts'
import type { DeviceWithToken, StatedDevice } from '../../api/registry.ts'
import { useRoom } from '../../context.tsx'
import type { Column } from './device-columns.ts'
import { type Draft, columnsOf, draftOf, statedBy } from './device-draft.ts'
import { useShowTokens } from './issued-tokens.tsx'

export interface Registering {
  readonly draft: Draft
  readonly wrong: readonly Column[]
  readonly refusal: Refusal | undefined
  readonly isAsking: boolean
  write(draft: Draft): void
  send(): void
}

const nothingWrong: readonly Column[] = []

export function useRegistering(
  ask: (stated: StatedDevice) => Promise<Reply<DeviceWithToken>>,
  known: Partial<Device> = {},
): Registering {
  const { address, city } = useRoom()
  const { timeZone } = city.city
  const showTokens = useShowTokens()
  const [draft, setDraft] = useState(() => draftOf(known, timeZone))
  const [refusal, setRefusal] = useState<Refusal>()
  const [wrong, setWrong] = useState(nothingWrong)
  const [isAsking, setAsking] = useState(false)

  async function send(): Promise<void> {
    setAsking(true)
    const reply = await ask(statedBy(draft, timeZone))
    setAsking(false)
    if (reply.kind === 'answer') {
      const { device, token } = reply.body
      showTokens([{ id: device.id, token }])
      address.go(pagePathOf({ section: 'devices', id: device.id }))
      return
    }
    setRefusal(reply)
    setWrong(reply.kind === 'problem' ? wrongIn(reply.problem) : nothingWrong)
  }

  return { draft, wrong, refusal, isAsking, write: setDraft, send: () => !isAsking && void send() }
}

function wrongIn({ code, problems = [] }: Extract<Refusal, { kind: 'problem' }>['problem']): readonly Column[] {
  return code === 'device_exists' ? ['id'] : columnsOf(problems)
}
