// The page's icons, 16 × 16, drawn with the current colour. All are decoration: words or labels say the same.
import type { ReactNode } from 'react'

export function icon(drawing: ReactNode) {
  return function Icon() {
    return (
      <svg
        className="icon"
        viewBox="0 0 16 16"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        strokeLinecap="round"
        strokeLinejoin="round"
        aria-hidden="true"
      >
        {drawing}
      </svg>
    )
  }
}

/** The kentongan, the slit drum of the night patrol. */
export function Logo() {
  return (
    <svg className="logo" viewBox="0 0 32 32" aria-hidden="true">
      <rect className="logo-ground" width="32" height="32" rx="8" />
      <rect className="logo-drum" x="11" y="5" width="10" height="22" rx="5" />
      <rect className="logo-slit" x="14.75" y="9.5" width="2.5" height="13" rx="1.25" />
    </svg>
  )
}

/** The same drum in outline, for a quiet night. */
export function DrumIcon() {
  return (
    <svg className="drum" viewBox="0 0 32 32" fill="none" stroke="currentColor" aria-hidden="true">
      <rect x="10.5" y="3.5" width="11" height="25" rx="5.5" />
      <rect x="14.5" y="9" width="3" height="14" rx="1.5" />
    </svg>
  )
}

export const FaultsIcon = icon(<path d="M8 2.2 14.3 13.3H1.7zM8 6.6v3M8 11.5v.1" />)
export const SearchIcon = icon(<path d="M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM10.4 10.4 14 14" />)
export const CloseIcon = icon(<path d="m4 4 8 8M12 4l-8 8" />)
export const CheckIcon = icon(<path d="m3 8.5 3.2 3.2L13 4.8" />)
export const ChevronDownIcon = icon(<path d="m4.5 6.5 3.5 3.5 3.5-3.5" />)
export const ChevronRightIcon = icon(<path d="m6.5 4.5 3.5 3.5-3.5 3.5" />)
export const BackIcon = icon(<path d="M13 8H3.5M7 4 3 8l4 4" />)
export const ArrowUpIcon = icon(<path d="M8 13V3.5M4 7l4-4 4 4" />)
export const MoonIcon = icon(<path d="M13.2 9.7A5.6 5.6 0 0 1 6.3 2.8a5.6 5.6 0 1 0 6.9 6.9z" />)
export const SunIcon = icon(
  <path d="M8 10.8a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6zM8 1.5v1.2M8 13.3v1.2M1.5 8h1.2M13.3 8h1.2M3.4 3.4l.9.9M11.7 11.7l.9.9M12.6 3.4l-.9.9M4.3 11.7l-.9.9" />,
)
export const CompactIcon = icon(<path d="M2 3h12M2 6.3h12M2 9.7h12M2 13h12" />)
export const ComfortableIcon = icon(<path d="M2 3.5h12M2 8h12M2 12.5h12" />)
export const KeyboardIcon = icon(
  <path d="M2.5 4h11c.6 0 1 .4 1 1v6c0 .6-.4 1-1 1h-11c-.6 0-1-.4-1-1V5c0-.6.4-1 1-1zM4 6.6h.1M6.7 6.6h.1M9.3 6.6h.1M12 6.6h.1M5 9.5h6" />,
)
export const PeopleIcon = icon(
  <>
    <circle cx="6" cy="5.25" r="2.5" />
    <path d="M1.5 13.5c0-2.5 2-4 4.5-4s4.5 1.5 4.5 4M10.5 3a2.5 2.5 0 0 1 0 4.5M12.5 9.9c1.3.6 2 1.9 2 3.6" />
  </>,
)

export const PersonIcon = icon(<path d="M8 8a2.8 2.8 0 1 0 0-5.6A2.8 2.8 0 0 0 8 8zM2.8 13.8a5.2 5.2 0 0 1 10.4 0" />)
export const SilentIcon = icon(
  <path d="M2 2l12 12M4.2 9.2a5.4 5.4 0 0 1 2.2-1.3M11.8 9.2a5.4 5.4 0 0 0-1.2-.9M2 6.6a8.4 8.4 0 0 1 2.4-1.5M14 6.6a8.5 8.5 0 0 0-7-2.2M8 12.3v.1" />,
)
export const UnlinkedIcon = icon(
  <path d="M6.5 4.5 8 3a3.5 3.5 0 0 1 5 5l-1.5 1.5M9.5 11.5 8 13a3.5 3.5 0 0 1-5-5l1.5-1.5M2 2l12 12" />,
)
export const ClockIcon = icon(<path d="M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 4.8V8l2.2 1.6" />)
export const LiveIcon = icon(<circle cx="8" cy="8" r="3" fill="currentColor" stroke="none" />)
export const CatchingUpIcon = icon(<path d="M13.5 8a5.5 5.5 0 1 1-1.8-4M13.5 1.8v2.6h-2.6" />)
export const MapIcon = icon(<path d="M1.8 3.6 6 2l4 1.6L14.2 2v10.4L10 14l-4-1.6-4.2 1.6zM6 2v10.4M10 3.6V14" />)
export const DevicesIcon = icon(
  <path d="M5 14V4.5C5 3 6 2 7.5 2H11M11 2v2.5M8.5 4.5h5M3 14h4M11 7v.8M9 7l-.5.8M13 7l.5.8" />,
)
export const CameraIcon = icon(<path d="M2 4.5 12.2 2l1 4L3 8.5zM13.2 6l1.3-.3M6.5 7.7 7.6 11H2.5M2.5 9v4.5" />)
export const OverviewIcon = icon(<path d="M2.5 13.5v-4M6.2 13.5v-7M9.8 13.5V9M13.5 13.5v-11" />)
export const WallIcon = icon(<path d="M1.8 3h12.4v8H1.8zM8 11v2.5M5 13.5h6M8 3v8M8 7h6.2" />)
export const PlusIcon = icon(<path d="M8 3v10M3 8h10" />)
export const MinusIcon = icon(<path d="M3 8h10" />)
export const WholeIcon = icon(<path d="M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10" />)
export const ConnectedIcon = icon(
  <path d="M6.5 4.5 8 3a3.5 3.5 0 0 1 5 5l-1.5 1.5M9.5 11.5 8 13a3.5 3.5 0 0 1-5-5l1.5-1.5M6 10l4-4" />,
)
export const SystemIcon = icon(
  <path d="M3 2.5h10c.6 0 1 .4 1 1v2c0 .6-.4 1-1 1H3c-.6 0-1-.4-1-1v-2c0-.6.4-1 1-1zM3 9.5h10c.6 0 1 .4 1 1v2c0 .6-.4 1-1 1H3c-.6 0-1-.4-1-1v-2c0-.6.4-1 1-1zM4.5 4.5h.1M4.5 11.5h.1M7 4.5h4.5M7 11.5h4.5" />,
)
