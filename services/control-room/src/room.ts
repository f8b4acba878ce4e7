// The control room without its looks: the live connection, the faults, the list and the actions, wired once
// per session. Components only read it and call it.
import type { Fault } from '@ronda/contracts/fault'
import type { PageConfig } from '@ronda/contracts/page-config'
import type { SessionInfo } from '@ronda/contracts/session'
import type { Address } from './address.ts'
import { type FaultApi, createFaultApi } from './api/faults.ts'
import { isSignedIn } from './api/session.ts'
import { type Store, type Watchable, createStore } from './external-store.ts'
import type { Asking } from './faults/actions/action-dialog.tsx'
import { type Performer, createPerformer, newUuid } from './faults/actions/performer.ts'
import { type Cursor, createCursor } from './faults/cursor.ts'
import { type FaultList, createFaultList } from './faults/fault-list.ts'
import { type ViewAddress, createViewAddress } from './faults/view-address.ts'
import { type Tone, createTone } from './faults/sound/tone.ts'
import { subscriptionOf } from './faults/view.ts'
import { type CityClock, createCityClock } from './live/city-clock.ts'
import { type FaultStore, createFaultStore } from './live/fault-store.ts'
import { createFrames } from './live/frames.ts'
import { type Connection, type StatusMessage, openLiveClient } from './live/live-client.ts'
import { type Notices, createNotices } from './notices.ts'

export interface Room {
  readonly city: PageConfig
  readonly session: SessionInfo
  readonly clock: CityClock
  readonly connection: Watchable<Connection>
  /** The newest word of the server about itself. */
  readonly status: Watchable<StatusMessage | undefined>
  /**
   * Whether the list has been told in full since what is subscribed to was chosen, and the time as well:
   * before that neither a row nor its age means anything.
   */
  readonly loaded: Watchable<boolean>
  readonly api: FaultApi
  readonly faults: FaultStore
  readonly address: Address
  readonly view: ViewAddress
  readonly list: FaultList
  /** What a search looks through, in lower case. */
  textOf(fault: Fault): string
  readonly cursor: Cursor
  readonly performer: Performer
  /** What an operator is being asked before an action is done. */
  readonly asking: Store<Asking | undefined>
  readonly notices: Notices
  readonly tone: Tone
  districtName(slug: string): string
  close(): void
}

export interface RoomOptions {
  city: PageConfig
  session: SessionInfo
  address: Address
}

/** Real ms in which an open page says that its session is used, or the session would end in the middle of a shift. */
const useMs = 15 * 60_000
/** Real ms by which the city's data may be behind before it is called stale. */
const staleMs = 15_000

export function openRoom({ city, session, address }: RoomOptions): Room {
  const { timeScale } = city
  const view = createViewAddress(address)
  const clock = createCityClock({ monotonic: () => performance.now(), now: Date.now, timeScale })
  const api = createFaultApi('')
  const faults = createFaultStore(createFrames())
  const status = createStore<StatusMessage | undefined>(undefined)
  const loaded = createStore(false)
  const districtNames = new Map(city.districts.map(({ slug, name }) => [slug, name]))
  const districtName = (slug: string) => districtNames.get(slug) ?? slug
  const textOf = rememberTexts(districtName)
  const list = createFaultList({ faults, view, person: session.name, textOf })

  let isTold = false
  const client = openLiveClient({
    url: `${location.origin.replace(/^http/, 'ws')}/ws/v1`,
    filter: subscriptionOf(view.get()),
    onSnapshot(all) {
      faults.replace(all)
      if (!isTold) list.startAnew()
      isTold = true
    },
    onEvent(event, fault) {
      if (event === 'removed') faults.remove(fault.id)
      else faults.apply(fault)
    },
    onStatus(message) {
      clock.set(message.logTime + message.lagMs)
      status.set(message)
      if (isTold) loaded.set(true)
    },
    isStale: ({ lagMs }) => lagMs > staleMs * timeScale,
    isSignedIn,
    onWake,
    now: clock.now,
    monotonic: () => performance.now(),
    random: Math.random,
  })

  let { agency } = view.get()
  const stopFollowing = view.subscribe(() => {
    const next = view.get()
    if (next.agency === agency) return
    agency = next.agency
    isTold = false
    loaded.set(false)
    client.setFilter(subscriptionOf(next))
  })

  const using = setInterval(() => void isSignedIn(), useMs)

  return {
    city,
    session,
    clock,
    connection: client.connection,
    status,
    loaded,
    api,
    faults,
    address,
    view,
    list,
    textOf,
    cursor: createCursor(list),
    performer: createPerformer({ api, name: session.name, faults, newKey: newUuid, now: clock.now }),
    asking: createStore<Asking | undefined>(undefined),
    notices: createNotices(),
    tone: createTone(),
    districtName,
    close() {
      clearInterval(using)
      stopFollowing()
      client.close()
    },
  }
}

/** The network is back, or somebody looks at the page again. */
function onWake(listener: () => void): () => void {
  const whenVisible = () => {
    if (document.visibilityState === 'visible') listener()
  }
  window.addEventListener('online', listener)
  document.addEventListener('visibilitychange', whenVisible)
  return () => {
    window.removeEventListener('online', listener)
    document.removeEventListener('visibilitychange', whenVisible)
  }
}

/** What a search looks through, put together once per state of a fault. */
function rememberTexts(districtName: (slug: string) => string): (fault: Fault) => string {
  const texts = new WeakMap<Fault, string>()
  return (fault) => {
    let text = texts.get(fault)
    if (text === undefined) {
      const { message, code, name, deviceId, district, acknowledgedBy = '', assignee = '' } = fault
      text = [message.en, message.id, code, name, deviceId, districtName(district), acknowledgedBy, assignee]
        .join('\n')
        .toLowerCase()
      texts.set(fault, text)
    }
    return text
  }
}
