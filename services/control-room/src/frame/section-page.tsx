// The section that the address names. Its code comes when it is first opened, and may not come: while the server is
// away, or when a newer page has taken the place of this one meanwhile.
import { type ComponentType, useEffect, useState } from 'react'
import { useMay, useRoom, useText, useWatched } from '../context.tsx'
import { type Section, type SectionProps, sections } from '../sections.ts'
import { useRoute } from '../use-route.ts'
import { Link } from './link.tsx'
import { SectionGuard } from './section-guard.tsx'
import { useSlow } from './use-slow.ts'

export function SectionPage() {
  const route = useRoute()
  const mayDo = useMay()
  if (route === undefined || !mayDo(sections[route.section].needs)) return <Nothing />
  const { section, id } = route
  return (
    <SectionGuard key={section} broken={<Broken />}>
      <Loaded section={sections[section]} id={id} />
    </SectionGuard>
  )
}

/** What was fetched once is there at once. */
const fetched = new Map<Section, ComponentType<SectionProps>>()

function Loaded({ section, id }: SectionProps & { section: Section }) {
  const { connection } = useRoom()
  const isLive = useWatched(connection).state === 'live'
  const [Page, setPage] = useState(() => fetched.get(section))
  const [failed, setFailed] = useState(false)

  // When the server is back it is tried again.
  useEffect(() => {
    if (fetched.has(section)) return undefined
    let wanted = true
    section.load().then(
      (page) => {
        fetched.set(section, page)
        if (wanted) setPage(() => page)
      },
      () => wanted && setFailed(true),
    )
    return () => {
      wanted = false
    }
  }, [section, isLive])

  if (Page !== undefined) return <Page id={id} />
  return failed ? <NotLoaded isLive={isLive} /> : <Loading />
}

function Loading() {
  const { frame } = useText()
  const isSlow = useSlow(true)
  return isSlow ? (
    <div className="no-rows" role="status">
      <p>{frame.loadingSection}</p>
    </div>
  ) : null
}

function NotLoaded({ isLive }: { isLive: boolean }) {
  const { frame } = useText()
  return (
    <div className="no-rows" role="status">
      <h2>{frame.notLoaded}</h2>
      <p>{isLive ? frame.notLoadedNewer : frame.notLoadedAway}</p>
      {isLive && (
        <button type="button" className="button" onClick={() => location.reload()}>
          {frame.reload}
        </button>
      )}
    </div>
  )
}

function Broken() {
  const { frame } = useText()
  return (
    <div className="no-rows" role="alert">
      <h2>{frame.broken}</h2>
      <p>{frame.brokenMeaning}</p>
      <button type="button" className="button" onClick={() => location.reload()}>
        {frame.reload}
      </button>
    </div>
  )
}

function Nothing() {
  const { frame } = useText()
  return (
    <div className="no-rows">
      <h2>{frame.nothingHere}</h2>
      <p>{frame.nothingHereMeaning}</p>
      <Link className="button" href="/">
        {frame.toFaults}
      </Link>
    </div>
  )
}
