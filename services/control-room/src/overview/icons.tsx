// Icons of the overview alone.
import { icon } from '../frame/icons.tsx'

/** Over a limit. */
export const OverIcon = icon(<path d="M3 5h10M8 13V7.5M5.5 9.5 8 7l2.5 2.5" />)
