// The ways to the sections. Faults are shown by the same view wherever they are; going where one is already shows
// the whole of it.
import { pagePathOf, pageSections } from '@ronda/contracts/page-routes'
import type { PageSection } from '@ronda/contracts/page-routes'
import { useMay, useRoom, useWatched } from '../context.tsx'
import { faultSections } from '../faults/view-address.ts'
import { formatView } from '../faults/view.ts'
import { sections } from '../sections.ts'
import { useRoute } from '../use-route.ts'

export interface SectionLink {
  readonly section: PageSection
  readonly href: string
  readonly isHere: boolean
  go(): void
}

export function useSectionLinks(): readonly SectionLink[] {
  const { address, view } = useRoom()
  const chosen = useWatched(view)
  const here = useRoute()?.section
  const mayDo = useMay()
  const offered = pageSections.filter((section) => mayDo(sections[section].needs))
  return offered.map((section) => {
    const isHere = section === here
    const query = !faultSections.has(section) || isHere ? '' : formatView({ ...chosen, device: undefined })
    const href = pagePathOf({ section }) + query
    return { section, href, isHere, go: () => address.go(href) }
  })
}
