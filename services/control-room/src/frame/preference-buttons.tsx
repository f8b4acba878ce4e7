// What a person sets for this browser: language, colours, and how close the rows stand.
import { useWording } from '../context.tsx'
import type { Language } from '../preferences.ts'
import { ComfortableIcon, CompactIcon, MoonIcon, SunIcon } from './icons.tsx'

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

export function DensityButton() {
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
