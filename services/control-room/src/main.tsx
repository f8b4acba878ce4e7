// The page: what a person chose for this browser, and the way in.
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { RoomProvider, WordingProvider, useWatched } from './context.tsx'
import { type Entrance, createEntrance } from './entrance.ts'
import { browserKeeper, createPreferences } from './preferences.ts'
import { RoomPage } from './room-page.tsx'
import { ChoosePasswordPage, FirstAccountPage } from './sign-in/set-up-page.tsx'
import { SignInPage, WaitingPage } from './sign-in/sign-in-page.tsx'

function App({ entrance }: { entrance: Entrance }) {
  const stage = useWatched(entrance)
  switch (stage.name) {
    case 'waiting':
      return <WaitingPage unreachable={stage.unreachable} />
    case 'signed-out':
      return <SignInPage reason={stage.reason} city={stage.city} onSignIn={entrance.signIn} />
    case 'choose-password':
      return <ChoosePasswordPage account={stage.account} onDone={entrance.goIn} onSignOut={entrance.leave} />
    case 'first-account':
      return <FirstAccountPage name={stage.session.name} onDone={entrance.goIn} onSkip={entrance.goIn} />
    case 'room':
      break
  }
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
