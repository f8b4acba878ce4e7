// Asks what an action takes: to whom, for how long, why. One dialog for one fault or many; Escape leaves everything
// as it is.
import type { FaultActionName } from '@ronda/contracts/action'
import type { Fault } from '@ronda/contracts/fault'
import { type ReactNode, useId, useState } from 'react'
import { createPortal } from 'react-dom'
import type { ActionRequest } from '../../api/faults.ts'
import { useMay, useRoom, useText, useTimes, useWatched, useWording } from '../../context.tsx'
import { Dialog } from '../../frame/dialog.tsx'
import { useActions } from './use-actions.ts'

/** An action that takes more than a press, and what it is for. */
export interface Asking {
  readonly action: Exclude<FaultActionName, 'acknowledge' | 'unshelve'>
  readonly faults: readonly Fault[]
}

export function ActionDialog() {
  const { asking } = useRoom()
  const asked = useWatched(asking)
  const actions = useActions()
  if (asked === undefined) return null
  // Beside the page, not inside: on a telephone the list is covered, and deaf, while a fault is open.
  return createPortal(
    <Question asked={asked} onDone={(request) => actions.perform(request, asked.faults)} />,
    document.body,
  )
}

interface QuestionProps {
  asked: Asking
  onDone: (request: ActionRequest) => void
}

function Question({ asked: { action, faults }, onDone }: QuestionProps) {
  const { asking } = useRoom()
  const { text, preferences } = useWording()
  const [first] = faults
  return (
    <Dialog
      title={text.asking[action](faults.length)}
      className="ask"
      focus=".text-input"
      onClose={() => asking.set(undefined)}
    >
      {(close) => {
        const props: FormProps = {
          faults,
          submit: text.asking[action](1),
          onSubmit(request) {
            close()
            onDone(request)
          },
          onCancel: close,
        }
        return (
          <>
            {first !== undefined && faults.length === 1 && (
              <p className="ask-what">
                <strong>{first.message[preferences.language]}</strong>
                <span>{first.name}</span>
              </p>
            )}
            {action === 'assign' && <AssignForm {...props} />}
            {action === 'shelve' && <ShelveForm {...props} />}
            {action === 'comment' && <CommentForm {...props} />}
            {action === 'close' && <CloseForm {...props} />}
          </>
        )
      }}
    </Dialog>
  )
}

interface FormProps {
  faults: readonly Fault[]
  /** What the button says. */
  submit: string
  onSubmit: (request: ActionRequest) => void
  onCancel: () => void
}

const mostNames = 8

function AssignForm({ faults, submit, onSubmit, onCancel }: FormProps) {
  const { faults: open, session } = useRoom()
  const { asking } = useText()
  const [name, setName] = useState('')
  const assign = (assignee: string | null) => onSubmit({ action: 'assign', assignee })
  const known = useWatched(open)
  const people = [...known.values()].flatMap(({ assignee = [], acknowledgedBy = [] }) =>
    [assignee, acknowledgedBy].flat(),
  )
  const names = [...new Set(people)]
    .filter((each) => each !== session.name)
    .toSorted((a, b) => a.localeCompare(b))
    .slice(0, mostNames)
  const hasAssignee = faults.some(({ assignee }) => assignee !== undefined)
  return (
    <Form submit={submit} onCancel={onCancel} onSubmit={() => assign(name.trim())} isReady={name.trim() !== ''}>
      <div className="ask-picks">
        <button type="button" className="button" onClick={() => assign(session.name)}>
          {asking.toMe}
          <span className="hint">{session.name}</span>
        </button>
        {hasAssignee && (
          <button type="button" className="button" onClick={() => assign(null)}>
            {asking.toNobody}
          </button>
        )}
      </div>
      {names.length > 0 && (
        <fieldset className="ask-field">
          <legend>{asking.inUse}</legend>
          <div className="ask-picks">
            {names.map((each) => (
              <button key={each} type="button" className="button button-small" onClick={() => assign(each)}>
                {each}
              </button>
            ))}
          </div>
        </fieldset>
      )}
      <TextField label={asking.assignee} value={name} onChange={setName} most={100} />
    </Form>
  )
}

const durationsMin = [60, 240, 480, 1_440] as const
/** For supervisors. */
const longDurationsMin = [3 * 1_440, 7 * 1_440] as const

function ShelveForm({ submit, onSubmit, onCancel }: FormProps) {
  const { clock } = useRoom()
  const { asking, age } = useText()
  const times = useTimes()
  const offered = [...durationsMin, ...(useMay()('shelveForDays') ? longDurationsMin : [])]
  const [durationMin, setDurationMin] = useState<number>(durationsMin[1])
  const [reason, setReason] = useState('')
  // As it was when the dialog was opened: what stands beside a choice must not change under the hand.
  const [now] = useState(() => clock.now())
  return (
    <Form
      submit={submit}
      onCancel={onCancel}
      onSubmit={() => onSubmit({ action: 'shelve', durationMin, reason: reason.trim() })}
      isReady={reason.trim() !== ''}
    >
      <fieldset className="ask-field">
        <legend>{asking.duration}</legend>
        <div className="durations">
          {offered.map((minutes) => (
            <label key={minutes} className="duration">
              <input
                type="radio"
                name="duration"
                className="visually-hidden"
                checked={minutes === durationMin}
                onChange={() => setDurationMin(minutes)}
              />
              <span>{minutes > 1_440 ? age.days(minutes / 1_440, 0) : age.hours(minutes / 60, 0)}</span>
              <span className="hint">{asking.until(times.moment(now + minutes * 60_000, now))}</span>
            </label>
          ))}
        </div>
      </fieldset>
      <ReasonField reasons={asking.shelveReasons} value={reason} onChange={setReason} />
      <p className="hint">{asking.shelveMeaning}</p>
    </Form>
  )
}

function CommentForm({ submit, onSubmit, onCancel }: FormProps) {
  const { asking } = useText()
  const [note, setNote] = useState('')
  return (
    <Form
      submit={submit}
      onCancel={onCancel}
      onSubmit={() => onSubmit({ action: 'comment', note: note.trim() })}
      isReady={note.trim() !== ''}
    >
      <TextField label={asking.note} value={note} onChange={setNote} hint={asking.reasonMeaning} />
    </Form>
  )
}

function CloseForm({ faults, submit, onSubmit, onCancel }: FormProps) {
  const { asking } = useText()
  const [reason, setReason] = useState('')
  const active = faults.filter(({ active: isActive }) => isActive).length
  return (
    <Form
      submit={submit}
      onCancel={onCancel}
      onSubmit={() => onSubmit({ action: 'close', reason: reason.trim() })}
      isReady={reason.trim() !== ''}
    >
      {active > 0 && (
        <p className="ask-warning">{faults.length === 1 ? asking.closeActive : asking.closeSomeActive(active)}</p>
      )}
      <ReasonField reasons={asking.closeReasons} value={reason} onChange={setReason} />
    </Form>
  )
}

interface FormFrameProps {
  submit: string
  isReady: boolean
  onSubmit: () => void
  onCancel: () => void
  children: ReactNode
}

function Form({ submit, isReady, onSubmit, onCancel, children }: FormFrameProps) {
  const { asking } = useText()
  return (
    <form
      className="ask-form"
      onSubmit={(event) => {
        event.preventDefault()
        if (isReady) onSubmit()
      }}
    >
      {children}
      <footer className="ask-foot">
        <button type="button" className="button" onClick={onCancel}>
          {asking.cancel}
        </button>
        <button type="submit" className="button button-strong" disabled={!isReady}>
          {submit}
        </button>
      </footer>
    </form>
  )
}

interface TextFieldProps {
  label: string
  value: string
  onChange: (value: string) => void
  hint?: string
  most?: number
}

function TextField({ label, value, onChange, hint, most = 500 }: TextFieldProps) {
  const hintId = useId()
  return (
    <label className="ask-field">
      <span>{label}</span>
      <input
        type="text"
        className="text-input"
        value={value}
        maxLength={most}
        autoComplete="off"
        {...(hint === undefined ? {} : { 'aria-describedby': hintId })}
        onChange={({ target }) => onChange(target.value)}
      />
      {hint !== undefined && (
        <span id={hintId} className="hint">
          {hint}
        </span>
      )}
    </label>
  )
}

interface ReasonFieldProps {
  reasons: readonly string[]
  value: string
  onChange: (value: string) => void
}

/** In one's own words, or in those that come up most often. */
function ReasonField({ reasons, value, onChange }: ReasonFieldProps) {
  const { asking } = useText()
  return (
    <div className="ask-field">
      <TextField label={asking.reason} value={value} onChange={onChange} hint={asking.reasonMeaning} />
      <div className="ask-picks">
        {reasons.map((reason) => (
          <button
            key={reason}
            type="button"
            className="button button-small"
            aria-pressed={reason === value}
            onClick={() => onChange(reason)}
          >
            {reason}
          </button>
        ))}
      </div>
    </div>
  )
}
