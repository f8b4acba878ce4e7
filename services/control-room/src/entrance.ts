// The way in: the token of a link, or a name and a password, become a session; what is to be set up first is set up,
// the city is asked for, the room opens; and the way out when the session ends. While the server does not answer it
// keeps trying.
import type { SessionInfo } from '@ronda/contracts/session'
import { createAddress } from './address.ts'
import type { PageConfig } from '@ronda/contracts/page-config'
import { fetchConfig } from './api/city.ts'
import type { Reply } from './api/http.ts'
import { fetchSession, signIn, signOut, takeToken } from './api/session.ts'
import { type Watchable, createStore } from './external-store.ts'
import { createBackoff } from './live/backoff.ts'
import { type Room, openRoom } from './room.ts'
import type { SignedOutReason } from './sign-in/sign-in-page.tsx'

type Stage =
  | { readonly name: 'waiting'; readonly unreachable: boolean }
  | { readonly name: 'signed-out'; readonly reason: SignedOutReason; readonly city: string | undefined }
  /** Signed in with a link, to an account that has no password. */
  | { readonly name: 'choose-password'; readonly account: string }
  /** Signed in with a link as administrator, where there are no accounts. */
  | { readonly name: 'first-account'; readonly session: SessionInfo }
  | { readonly name: 'room'; readonly room: Room }

export interface Entrance extends Watchable<Stage> {
  /** Opens the room, or says why not. */
  signIn(name: string, password: string): Promise<Reply<SessionInfo>>
  /** What was to be set up is, or is left for another time. */
  goIn(): void
  /** Ends the session. */
  leave(): void
  /** The session is ended already. */
  signedOut(): void
}

export function createEntrance(browser: Window): Entrance {
  const stage = createStore<Stage>({ name: 'waiting', unreachable: false })
  const address = createAddress(browser)
  const backoff = createBackoff({ firstMs: 500, maxMs: 5_000, random: Math.random })

  function leaveRoom(): void {
    const current = stage.get()
    if (current.name === 'room') current.room.close()
  }

  async function signedOut(reason: SignedOutReason): Promise<void> {
    leaveRoom()
    stage.set({ name: 'signed-out', reason, city: undefined })
    const config = await fetchConfig()
    const isStillOut = stage.get().name === 'signed-out'
    if (config.kind === 'answer' && isStillOut) stage.set({ name: 'signed-out', reason, city: config.body.city.name })
  }

  /** Asks until there is an answer, good or not. */
  async function ask<T>(question: () => Promise<Reply<T>>): Promise<Exclude<Reply<T>, { kind: 'unreachable' }>> {
    for (;;) {
      const reply = await question()
      const isPassing = reply.kind === 'unreachable' || (reply.kind === 'problem' && reply.status >= 500)
      if (!isPassing) return reply
      if (stage.get().name !== 'room') stage.set({ name: 'waiting', unreachable: true })
      await new Promise((resolve) => setTimeout(resolve, backoff.next()))
    }
  }

  async function enter(token: string | undefined): Promise<void> {
    const session = await ask(() => (token === undefined ? fetchSession() : signIn({ token })))
    if (session.kind === 'problem') {
      // A link that is used up does no harm to who is signed in already.
      const held = token === undefined ? session : await ask(fetchSession)
      if (held.kind === 'problem') return signedOut(reasonOf(session.problem.code))
      return arrive(held.body)
    }
    // Who has come with a link just now is asked; later there are things to do.
    if (token !== undefined && session.body.setUp === 'account') {
      leaveRoom()
      return stage.set({ name: 'first-account', session: session.body })
    }
    return arrive(session.body)
  }

  async function arrive(session: SessionInfo): Promise<void> {
    const { account, setUp } = session
    if (account === undefined || setUp !== 'password') return open(session)
    leaveRoom()
    stage.set({ name: 'choose-password', account })
  }

  async function open(session: SessionInfo): Promise<void> {
    const config = await ask(fetchConfig)
    if (config.kind === 'problem' || !isWhole(config.body)) return signedOut('refused')
    backoff.reset()
    leaveRoom()
    const room = openRoom({ city: config.body, session, address })
    room.connection.subscribe(() => {
      if (room.connection.get().state === 'denied') void signedOut('over')
    })
    stage.set({ name: 'room', room })
  }

  // A link opened in this very tab changes the fragment only and loads nothing.
  browser.addEventListener('hashchange', () => {
    const token = takeToken(browser.location, browser.history)
    if (token !== undefined) void enter(token)
  })
  void enter(takeToken(browser.location, browser.history))

  return {
    get: stage.get,
    subscribe: stage.subscribe,
    async signIn(name, password) {
      const reply = await signIn({ name, password })
      if (reply.kind === 'answer') void arrive(reply.body)
      return reply
    },
    goIn: () => void enter(undefined),
    leave: () => void ask(signOut).then(() => signedOut('out')),
    signedOut: () => void signedOut('out'),
  }
}

function isWhole(config: Partial<PageConfig>): config is PageConfig {
  return config.districts !== undefined && config.agencies !== undefined
}

function reasonOf(code: string): SignedOutReason {
  switch (code) {
    case 'unauthenticated':
      return 'none'
    case 'sign_in_token_invalid':
    case 'validation_failed':
      return 'used'
    default:
      return 'refused'
  }
}
