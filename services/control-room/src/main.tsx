// The page: what a person chose for this browser, and the way in.
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { RoomProvider, WordingProvider, useWatched } from './context.tsx'
import { type Entrance, createEntrance } from './entrance.ts'
import { SignInPage, WaitingPage } from './frame/sign-in-page.tsx'
import { browserKeeper, createPreferences } from './preferences.ts'
import { RoomPage } from './room-page.tsx'

function App({ entrance }: { entrance: Entrance }) {
  const stage = useWatched(entrance)
  if (stage.name === 'waiting') return <WaitingPage unreachable={stage.unreachable} />
  if (stage.name === 'signed-out') return <SignInPage reason={stage.reason} city={stage.city} />
  return (
    <RoomProvider room={stage.room}>
      <RoomPage onSignedOut={entrance.signedOut} />
    </RoomProvider>
  )
}

const preferences = createPreferences(browserKeeper, navigator.languages)
const entrance = createEntrance(window)
const page = document.getElementById('page')
if (page === null) throw new Error('index.html has no #page')
createRoot(page).render(
  <StrictMode>
    <WordingProvider preferences={preferences}>
      <App entrance={entrance} />
    </WordingProvider>
  </StrictMode>,
)
