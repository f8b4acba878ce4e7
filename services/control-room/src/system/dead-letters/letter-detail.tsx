// One dead letter, opened: why it was refused and what to do, what was kept of it, and sending it again.
import type { ListedDeadLetter } from '@ronda/contracts/dead-letter'
import { pagePathOf } from '@ronda/contracts/page-routes'
import type { ReactNode } from 'react'
import { fetchLetter } from '../../api/system.ts'
import { useMay, useRoom, useText, useTimes } from '../../context.tsx'
import { SidePane } from '../../frame/side-pane.tsx'
import { Link } from '../../frame/link.tsx'
import { type Fetched, useFetched } from '../../use-fetched.ts'
import { useFigures } from '../figures.ts'
import { Payload } from './payload.tsx'
import { useReplayOne } from './use-replay-one.ts'

export interface LetterDetailProps {
  cursor: string
  /** Where the list has it already. */
  listed: ListedDeadLetter | undefined
  onClose: () => void
  onReplayed: () => void
}

export function LetterDetail({ cursor, listed, onClose, onReplayed }: LetterDetailProps) {
  const { deadLetter: words } = useText()
  return (
    <SidePane label={words.detail} back={words.back} onClose={onClose}>
      {listed === undefined ? (
        <Unlisted cursor={cursor} onReplayed={onReplayed} />
      ) : (
        <Opened letter={listed} onReplayed={onReplayed} />
      )}
    </SidePane>
  )
}

/** The list does not reach as far, or is filtered otherwise. */
function Unlisted({ cursor, onReplayed }: { cursor: string; onReplayed: () => void }) {
  const { deadLetter: words } = useText()
  const fetched: Fetched<ListedDeadLetter> = useFetched(() => fetchLetter(cursor), { key: cursor, once: true })
  if (fetched.state === 'known') return <Opened letter={fetched.value} onReplayed={onReplayed} />
  if (fetched.state === 'loading') return null
  const isMissing = fetched.state === 'missing'
  return (
    <div className="no-rows" role="status">
      <h3>{isMissing ? words.missing : words.failed}</h3>
      <p>{isMissing ? words.missingMeaning : words.failedMeaning}</p>
    </div>
  )
}

function Opened({ letter, onReplayed }: { letter: ListedDeadLetter; onReplayed: () => void }) {
  const { deadLetter: words } = useText()
  const { code, device, field, reason } = letter
  return (
    <div className="detail-content" tabIndex={0} role="region" aria-label={words.reason[code].title}>
      <header className="detail-head">
        <h3 className="letter-title">{words.reason[code].title}</h3>
        {device !== undefined && <p className="detail-where">{device}</p>}
      </header>
      <p className="letter-meaning">{words.reason[code].meaning}</p>
      <Replaying letter={letter} onReplayed={onReplayed} />
      <Facts
        facts={[
          [words.said, reason],
          [words.field, field !== undefined && <code>{field}</code>],
        ]}
      />
      <Payload letter={letter} />
      <Origin letter={letter} />
    </div>
  )
}

function Replaying({ letter, onReplayed }: { letter: ListedDeadLetter; onReplayed: () => void }) {
  const { clock } = useRoom()
  const { deadLetter: words } = useText()
  const times = useTimes()
  const figures = useFigures()
  const mayReplay = useMay()('readDeadLetterContent')
  const { send, isSending } = useReplayOne(letter.cursor, onReplayed)
  const { replay, replayable } = letter
  const isStored = replay?.refused === 0
  return (
    <div className="letter-replay">
      {replay !== undefined && (
        <div className={isStored ? 'letter-outcome' : 'letter-outcome letter-outcome-refused'}>
          <p>
            {(isStored ? words.storedBy : words.refusedAgain)(nameOf(replay.by), times.moment(replay.at, clock.now()))}{' '}
            {replay.refused > 0 && replay.stored > 0 && (
              <>{words.partly(figures.count(replay.stored), figures.count(replay.refused))}</>
            )}
          </p>
          {replay.code !== undefined && (
            <p>
              {words.reason[replay.code].title}
              {replay.field !== undefined && (
                <>
                  {' '}
                  <code>{replay.field}</code>
                </>
              )}
              {replay.reason !== undefined && <span className="letter-why">{replay.reason}</span>}
            </p>
          )}
        </div>
      )}
      {mayReplay && replayable && (
        <>
          <button type="button" className="button button-strong" disabled={isSending} onClick={send}>
            {words.replay}
          </button>
          <p className="hint">{words.replayMeaning}</p>
        </>
      )}
      {!replayable && !isStored && <p className="hint">{words.notReplayable}</p>}
    </div>
  )
}

/** `account:sari`, `operator:Sari` or `admin`, as people call it. */
function nameOf(by: string): string {
  return by.replace(/^(account|operator):/, '')
}

function Origin({ letter }: { letter: ListedDeadLetter }) {
  const { deadLetter: words, kind: kinds } = useText()
  const times = useTimes()
  const { code, device, kind, position, principal, receivedAt, source, topic } = letter
  // Of a topic of ours it is a kind of device.
  const kindName = kind === undefined ? undefined : ((kinds as Readonly<Record<string, string>>)[kind] ?? kind)
  return (
    <Facts
      facts={[
        [words.received, <time>{times.exact(receivedAt)}</time>],
        [
          words.device,
          device !== undefined &&
            (code === 'unknown_device' ? (
              <code>{device}</code>
            ) : (
              <Link href={pagePathOf({ section: 'devices', id: device })}>
                <code>{device}</code>
              </Link>
            )),
        ],
        [words.kind, kindName],
        [words.topic, <code>{topic}</code>],
        [words.principal, <code>{principal}</code>],
        [words.source, source],
        [words.position, <code>{`${position}.${letter.n}`}</code>],
        [words.code, <code>{code}</code>],
      ]}
    />
  )
}

function Facts({ facts }: { facts: readonly [label: string, value: ReactNode][] }) {
  return (
    <dl className="facts">
      {facts
        .filter(([, value]) => value !== undefined && value !== false)
        .map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  )
}
