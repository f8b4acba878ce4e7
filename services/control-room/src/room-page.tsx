// The control room: the frame, and in it the section that the address names.
import { useEffect, useRef, useState } from 'react'
import { useRoom, useText, useWatched } from './context.tsx'
import { AlertStrip } from './faults/alert-strip.tsx'
import { KeysDialog } from './frame/keys-dialog.tsx'
import { NoticeList } from './frame/notice-list.tsx'
import { Rail } from './frame/rail.tsx'
import { SectionPage } from './frame/section-page.tsx'
import { TopBar } from './frame/top-bar.tsx'
import { useFrameKeys } from './frame/use-frame-keys.ts'
import { useRoute } from './use-route.ts'

export function RoomPage({ onSignedOut }: { onSignedOut: () => void }) {
  const { frame } = useText()
  const [keysShown, setKeysShown] = useState(false)
  const main = useRef<HTMLElement>(null)
  const section = useRoute()?.section
  const shown = useRef(section)
  useFrameKeys(() => setKeysShown(true))
  useTitle()

  // Whoever reads by ear or by keys goes along to the section that was opened.
  useEffect(() => {
    if (shown.current === section) return
    shown.current = section
    main.current?.focus()
  }, [section])

  // Who passes by a wall has no hands on it: nothing of the frame is there.
  if (section === 'wall') {
    return (
      <main ref={main} className="wall-frame" tabIndex={-1}>
        <SectionPage />
        {keysShown && <KeysDialog onClose={() => setKeysShown(false)} />}
      </main>
    )
  }
  return (
    <div className="room">
      <a className="skip" href="#main" onClick={() => main.current?.focus()}>
        {frame.skipToContent}
      </a>
      <Rail onKeys={() => setKeysShown(true)} />
      <TopBar onSignedOut={onSignedOut} />
      <AlertStrip />
      <main ref={main} id="main" className="section" tabIndex={-1}>
        <SectionPage />
      </main>
      <NoticeList />
      {keysShown && <KeysDialog onClose={() => setKeysShown(false)} />}
    </div>
  )
}

/** What a tab in the background can still say. */
function useTitle(): void {
  const { city, list, loaded } = useRoom()
  const isLoaded = useWatched(loaded)
  const { pressing, open } = useWatched(list)
  const { frame } = useText()
  useEffect(() => {
    const counts = isLoaded ? ([pressing.length, open] as const) : ([0, 0] as const)
    document.title = frame.title(...counts, city.city.name)
  }, [frame, isLoaded, pressing.length, open, city.city.name])
}
