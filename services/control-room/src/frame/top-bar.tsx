// City and local time, whether the page is live, and what a person sets for this browser.
import { AccountMenu } from '../account/account-menu.tsx'
import { useEachSecond, useRoom, useText, useTimes, useWatched } from '../context.tsx'
import { SoundButton } from '../faults/sound/alarm-sound.tsx'
import { ConnectionBadge } from './connection-badge.tsx'
import { Logo } from './icons.tsx'
import { DensityButton, LanguageSwitch, ThemeButton } from './preference-buttons.tsx'

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
        <SoundButton />
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
