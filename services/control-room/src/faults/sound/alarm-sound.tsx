// Critical faults for the ear, once somebody has turned that on: a tone when one comes, and a word when the browser plays
// none.
import { useEffect, useRef } from 'react'
import { useRoom, useText, useWatched, useWording } from '../../context.tsx'
import { MutedIcon, SoundIcon } from '../icons.tsx'
import { type News, createNews } from './news.ts'

/** What comes within it is heard as one: a storm must not ring without end. */
const togetherMs = 1_000

/** `ids`: critical faults that nobody has acknowledged; undefined before they are told. */
export function AlarmSound({ ids }: { ids: readonly string[] | undefined }) {
  const { tone } = useRoom()
  const { text, preferences } = useWording()
  const isOn = preferences.sound === 'on'
  const isBlocked = useWatched(tone.state) === 'blocked'
  const news = useRef<News>(undefined)
  const soundedAt = useRef(Number.NEGATIVE_INFINITY)

  useEffect(() => {
    news.current ??= createNews()
    const fresh = news.current.hear(ids)
    if (!isOn || fresh === 0 || performance.now() - soundedAt.current < togetherMs) return
    soundedAt.current = performance.now()
    tone.play()
  }, [ids, isOn, tone])

  // What was turned on in an earlier visit is ready with the first gesture, whatever it is for.
  useEffect(() => {
    if (!isOn) return undefined
    tone.prepare()
    document.addEventListener('pointerup', tone.prepare)
    document.addEventListener('keydown', tone.prepare)
    return () => {
      document.removeEventListener('pointerup', tone.prepare)
      document.removeEventListener('keydown', tone.prepare)
    }
  }, [isOn, tone])

  if (!isOn || !isBlocked) return null
  return (
    <p className="alert alert-lost alert-sound">
      <MutedIcon />
      {text.alerts.soundBlocked}
      <button type="button" className="button button-small" onClick={tone.prepare}>
        {text.alerts.allowSound}
      </button>
    </p>
  )
}

/** Turns it on, and lets it be heard, or off. */
export function SoundButton() {
  const { tone } = useRoom()
  const { alerts } = useText()
  const { preferences, choose } = useWording()
  const isOn = preferences.sound === 'on'
  return (
    <button
      type="button"
      className="icon-button"
      aria-pressed={isOn}
      aria-label={alerts.sound}
      title={isOn ? alerts.soundOn : alerts.soundOff}
      onClick={() => {
        choose({ sound: isOn ? 'off' : 'on' })
        if (!isOn) tone.play()
      }}
    >
      {isOn ? <SoundIcon /> : <MutedIcon />}
    </button>
  )
}
