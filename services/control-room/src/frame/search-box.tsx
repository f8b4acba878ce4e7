import type { RefObject } from 'react'
import { useText } from '../context.tsx'
import { CloseIcon, SearchIcon } from './icons.tsx'

export interface SearchBoxProps {
  input: RefObject<HTMLInputElement | null>
  value: string
  /** What can be searched for. */
  label: string
  onChange: (value: string) => void
}

export function SearchBox({ input, value, label, onChange }: SearchBoxProps) {
  const { filters } = useText()
  return (
    <div className="search">
      <SearchIcon />
      <input
        ref={input}
        type="text"
        role="searchbox"
        value={value}
        placeholder={label}
        aria-label={label}
        autoComplete="off"
        spellCheck={false}
        enterKeyHint="search"
        onChange={({ target }) => onChange(target.value)}
      />
      {value === '' ? (
        <kbd aria-hidden="true">/</kbd>
      ) : (
        <button
          type="button"
          className="icon-button"
          aria-label={filters.clearSearch}
          onClick={() => {
            onChange('')
            input.current?.focus()
          }}
        >
          <CloseIcon />
        </button>
      )}
    </div>
  )
}
