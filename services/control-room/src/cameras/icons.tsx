// Icons of the cameras alone.
import { icon } from '../frame/icons.tsx'

/** A reel that turns: what comes is kept. */
export const RecordingIcon = icon(
  <>
    <circle cx="8" cy="8" r="5.5" />
    <circle cx="8" cy="8" r="2" fill="currentColor" stroke="none" />
  </>,
)
