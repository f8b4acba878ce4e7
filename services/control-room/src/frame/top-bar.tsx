// City and local time, whether the page is live, and what a person sets for this browser.
import { signOut } from '../api/session.ts'
import { useEachSecond, useRoom, useText, useTimes, useWatched, useWording } from '../context.tsx'
import type { Language } from '../preferences.ts'
import { ConnectionBadge } from './connection-badge.tsx'
import { ComfortableIcon, CompactIcon, Logo, MoonIcon, PersonIcon, SunIcon } from './icons.tsx'
import { Popover } from './popover.tsx'

export interface TopBarProps {
  onSignedOut: () => void
}

export function TopBar({ onSignedOut }: TopBarProps) {
  const { city } = useRoom()
  const { frame } = useText()
  return (
    <header className="top-bar">
      <span className="top-logo">
        <Logo />
      </span>
      <h1 className="city">{city.city.name}</h1>
      <CityTime />
      {city.simulated && (
        <span className="simulated" title={frame.simulatedMeaning}>
          {frame.simulated}
        </span>
      )}
      <span className="spring" />
      <ConnectionBadge />
      <span className="top-tools">
        <LanguageSwitch />
        <ThemeButton />
        <DensityButton />
        <AccountMenu onSignedOut={onSignedOut} />
      </span>
    </header>
  )
}

function CityTime() {
  const { clock, status } = useRoom()
  const times = useTimes()
  const isTold = useWatched(status) !== undefined
  const time = useEachSecond(() => times.clock(clock.now()))
  const day = useEachSecond(() => times.day(clock.now()))
  // This machine's own time may be another.
  if (!isTold) return null
  return (
    <span className="city-time">
      <time className="city-clock">{time}</time>
      <span className="city-zone">{times.zone}</span>
      <span className="city-day">{day}</span>
    </span>
  )
}

const languages: readonly { language: Language; short: string; name: string }[] = [
  { language: 'en', short: 'EN', name: 'English' },
  { language: 'id', short: 'ID', name: 'Bahasa Indonesia' },
]

export function LanguageSwitch() {
  const { text, preferences, choose } = useWording()
  return (
    <fieldset className="segments">
      <legend className="visually-hidden">{text.frame.language}</legend>
      {languages.map(({ language, short, name }) => (
        <button
          key={language}
          type="button"
          className="segment"
          lang={language}
          title={name}
          aria-pressed={preferences.language === language}
          onClick={() => choose({ language })}
        >
          {short}
          <span className="visually-hidden"> {name}</span>
        </button>
      ))}
    </fieldset>
  )
}

export function ThemeButton() {
  const { text, preferences, choose } = useWording()
  const isDark = preferences.theme === 'dark'
  const label = isDark ? text.frame.toLightTheme : text.frame.toDarkTheme
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={label}
      title={label}
      onClick={() => choose({ theme: isDark ? 'light' : 'dark' })}
    >
      {isDark ? <SunIcon /> : <MoonIcon />}
    </button>
  )
}

function DensityButton() {
  const { text, preferences, choose } = useWording()
  const isCompact = preferences.density === 'compact'
  const label = isCompact ? text.frame.toComfortable : text.frame.toCompact
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={label}
      title={label}
      onClick={() => choose({ density: isCompact ? 'comfortable' : 'compact' })}
    >
      {isCompact ? <ComfortableIcon /> : <CompactIcon />}
    </button>
  )
}

function AccountMenu({ onSignedOut }: TopBarProps) {
  const { session, city, notices } = useRoom()
  const text = useText()

  async function leave(): Promise<void> {
    const reply = await signOut()
    // Whoever has no session any more is signed out as well.
    if (reply.kind === 'answer' || (reply.kind === 'problem' && reply.status === 401)) onSignedOut()
    else notices.say({ tone: 'problem', saying: ({ frame }) => frame.signOutFailed })
  }

  return (
    <Popover
      className="account"
      align="end"
      button={
        <>
          <PersonIcon />
          <span className="visually-hidden">{text.frame.account}: </span>
          <span className="account-name">{session.name}</span>
        </>
      }
    >
      {() => (
        <div className="account-panel">
          <p className="account-who">
            <strong>{session.name}</strong>
            <span>{text.role[session.role]}</span>
          </p>
          <div className="account-tools">
            <ThemeButton />
            <DensityButton />
          </div>
          <button type="button" className="choice" onClick={() => void leave()}>
            {text.frame.signOut}
          </button>
          <p className="hint">Ronda {city.version}</p>
        </div>
      )}
    </Popover>
  )
}
