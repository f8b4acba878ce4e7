// Icons of the faults' own screen; those of the frame are in ../frame/icons.tsx, and are drawn alike.
import { icon } from '../frame/icons.tsx'

export const ShelvedIcon = icon(<path d="M5.5 4v8M10.5 4v8" />)
export const MaintenanceIcon = icon(
  <path d="M13.4 4.4a3.4 3.4 0 0 1-4.5 4.2L4.6 13a1.3 1.3 0 0 1-1.8-1.8l4.4-4.3a3.4 3.4 0 0 1 4.3-4.5L9.4 4.5l.4 1.7 1.7.4z" />,
)
export const AssigneeIcon = icon(<path d="M2.5 8h9M8 4.5 11.5 8 8 11.5" />)
export const SortedIcon = icon(<path d="M8 3.5v9M4.5 9 8 12.5 11.5 9" />)
export const SoundIcon = icon(
  <path d="M2.5 6.3v3.4h2.4L8 12.4V3.6L4.9 6.3zM10.4 6a3 3 0 0 1 0 4M12.3 4a5.8 5.8 0 0 1 0 8" />,
)
export const MutedIcon = icon(<path d="M2.5 6.3v3.4h2.4L8 12.4V3.6L4.9 6.3zM10.5 6.3l3.4 3.4M13.9 6.3l-3.4 3.4" />)
