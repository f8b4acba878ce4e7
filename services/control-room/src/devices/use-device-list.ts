// Devices page by page, as they are asked for; another query begins anew, and while somebody types none is asked.
import type { Device } from '@ronda/contracts/device'
import { useCallback, useEffect, useEffectEvent, useRef, useState } from 'react'
import { listDevices } from '../api/devices.ts'
import { useRoom, useWatched } from '../context.tsx'
import { type ListQuery, formatListQuery } from './list-query.ts'

const pageSize = 100
const typingMs = 200
/** Real ms between two tries. */
const retryMs = 3_000

export interface DeviceListState {
  readonly devices: readonly Device[]
  readonly state: 'loading' | 'known' | 'failed'
  /** undefined: there are no more. */
  readonly more: (() => void) | undefined
}

interface Known {
  readonly key: string
  readonly devices: readonly Device[]
  readonly next: string | undefined
}

interface Failed {
  readonly key: string
  /** What was known before the page that did not come. */
  readonly before: Known | undefined
}

export function useDeviceList(query: ListQuery): DeviceListState {
  const isLive = useWatched(useRoom().connection).state === 'live'
  const [known, setKnown] = useState<Known>()
  const [failed, setFailed] = useState<Failed>()
  const key = formatListQuery(query)
  const asked = useRef(0)

  const ask = useEffectEvent(async (before: Known | undefined) => {
    asked.current += 1
    const number = asked.current
    const reply = await listDevices({ ...query, cursor: before?.next, limit: pageSize })
    // Somebody has asked for something else meanwhile.
    if (number !== asked.current) return
    if (reply.kind !== 'answer') {
      setFailed({ key, before })
      return
    }
    const { devices, next } = reply.body
    setFailed(undefined)
    setKnown({ key, devices: [...(before?.devices ?? []), ...devices], next })
  })

  const isFirst = known === undefined
  const delayMs = useEffectEvent(() => (isFirst ? 0 : typingMs))
  useEffect(() => {
    const timer = setTimeout(() => void ask(undefined), delayMs())
    return () => clearTimeout(timer)
  }, [key, isLive])

  // The connection may live on while ingest is away: nothing else would tell that it is back.
  const hasFailed = failed?.key === key
  useEffect(() => {
    if (!hasFailed) return undefined
    // Each failure is another one: one question at a time, however long its answer takes.
    const timer = setTimeout(() => void ask(failed.before), retryMs)
    return () => clearTimeout(timer)
  }, [failed, hasFailed])

  const onMore = useEffectEvent(() => void ask(known))
  const [wanted, setWanted] = useState(0)
  useEffect(() => {
    if (wanted > 0) onMore()
  }, [wanted])
  const more = useCallback(() => setWanted((n) => n + 1), [])

  const state = hasFailed ? 'failed' : known?.key === key ? 'known' : 'loading'
  // While another query is on its way, what was there stays, rather than nothing.
  return {
    devices: known?.devices ?? [],
    state,
    more: state === 'known' && known?.next !== undefined ? more : undefined,
  }
}
