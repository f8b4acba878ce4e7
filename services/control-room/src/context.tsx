// What every component may need, without handing it down: the chosen words and formats, the room, the second.
import { type Permission, may } from '@ronda/contracts/permissions'
import { type ReactNode, createContext, use, useCallback, useEffect, useMemo, useSyncExternalStore } from 'react'
import type { Store, Watchable } from './external-store.ts'
import { formatAge } from './format/age.ts'
import { type Times, timesFor } from './format/times.ts'
import type { Preferences } from './preferences.ts'
import type { Room } from './room.ts'
import { type Text, en } from './text/en.ts'
import { id } from './text/id.ts'

export function useWatched<T>(watched: Watchable<T>): T {
  return useSyncExternalStore(watched.subscribe, watched.get)
}

const texts = { en, id } as const
/** British English: 24 hours, day before month. */
export const locales = { en: 'en-GB', id: 'id-ID' } as const

interface Wording {
  readonly text: Text
  readonly locale: string
  readonly preferences: Preferences
  choose(part: Partial<Preferences>): void
}

const WordingContext = createContext<Wording | undefined>(undefined)
const RoomContext = createContext<Room | undefined>(undefined)

/** The person's choices, on the page as well: language and theme are the document's. */
export function WordingProvider({ preferences, children }: { preferences: Store<Preferences>; children: ReactNode }) {
  const chosen = useWatched(preferences)
  const { language, theme, density } = chosen
  useEffect(() => {
    document.documentElement.lang = language
    Object.assign(document.documentElement.dataset, { theme, density })
  }, [language, theme, density])
  const wording = useMemo(
    () => ({
      text: texts[chosen.language],
      locale: locales[chosen.language],
      preferences: chosen,
      choose: (part: Partial<Preferences>) => preferences.set({ ...preferences.get(), ...part }),
    }),
    [chosen, preferences],
  )
  return <WordingContext value={wording}>{children}</WordingContext>
}

export function RoomProvider({ room, children }: { room: Room; children: ReactNode }) {
  return <RoomContext value={room}>{children}</RoomContext>
}

export function useWording(): Wording {
  const wording = use(WordingContext)
  if (wording === undefined) throw new Error('outside of WordingProvider')
  return wording
}

export function useText(): Text {
  return useWording().text
}

export function useRoom(): Room {
  const room = use(RoomContext)
  if (room === undefined) throw new Error('outside of RoomProvider')
  return room
}

/** Whether the person may do something: what they may not is not offered. */
export function useMay(): (permission: Permission) => boolean {
  const { role } = useRoom().session
  return useCallback((permission) => may(role, permission), [role])
}

export function useTimes(): Times {
  const { locale } = useWording()
  const { timeZone } = useRoom().city.city
  return timesFor({ locale, timeZone })
}

/** Calls back every second while anyone listens. */
const eachSecond = (() => {
  const listeners = new Set<() => void>()
  let timer: ReturnType<typeof setInterval> | undefined
  return (listener: () => void) => {
    listeners.add(listener)
    timer ??= setInterval(() => {
      for (const each of listeners) each()
    }, 1_000)
    return () => {
      listeners.delete(listener)
      if (listeners.size > 0) return
      clearInterval(timer)
      timer = undefined
    }
  }
})()

/** Something said anew each second: drawn again only when the words are others. */
export function useEachSecond(say: () => string): string {
  return useSyncExternalStore(eachSecond, say)
}

/** How long ago, ticking. */
export function useAge(since: number): string {
  const { clock } = useRoom()
  const words = useText().age
  return useEachSecond(() => formatAge(clock.now() - since, words))
}
