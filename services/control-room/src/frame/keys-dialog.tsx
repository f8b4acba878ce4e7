// Which keys do what, and the switch for those whom single letters get in the way.
import { pageSections } from '@ronda/contracts/page-routes'
import { useMay, useText, useWording } from '../context.tsx'
import { sections } from '../sections.ts'
import { actionKeys, assignToMeKey } from '../faults/actions/keys.ts'
import { Dialog } from './dialog.tsx'

export function KeysDialog({ onClose }: { onClose: () => void }) {
  const { text, preferences, choose } = useWording()
  const { keys } = text
  return (
    <Dialog title={keys.title} onClose={onClose}>
      {() => (
        <>
          <KeyTable />
          <label className="keys-letters">
            <input
              type="checkbox"
              checked={preferences.letters === 'on'}
              onChange={({ target }) => choose({ letters: target.checked ? 'on' : 'off' })}
            />
            {keys.letters}
          </label>
        </>
      )}
    </Dialog>
  )
}

function KeyTable() {
  const { keys, section: names } = useText()
  const mayDo = useMay()
  const offered = pageSections.filter((section) => mayDo(sections[section].needs))
  const ofActions: readonly (readonly [keys: readonly string[], meaning: string])[] = [
    [[actionKeys.acknowledge], keys.acknowledge],
    [[assignToMeKey], keys.assignMe],
    [[actionKeys.assign], keys.assign],
    [[actionKeys.shelve], keys.shelve],
    [[actionKeys.unshelve], keys.unshelve],
    [[actionKeys.comment], keys.comment],
    [[actionKeys.close], keys.close],
  ]
  const rows: readonly (readonly [keys: readonly string[], meaning: string])[] = [
    [['j', 'k', '↓', '↑'], keys.move],
    [['Home', 'End'], keys.ends],
    [['Enter'], keys.open],
    [['←', '→'], keys.fold],
    ...(mayDo('handleFaults') ? ofActions : []),
    [['x'], keys.select],
    [['Shift', '↓', '↑'], keys.range],
    [['n'], keys.letIn],
    [['/'], keys.search],
    [['Esc'], keys.leave],
    ...offered.map((section) => [['g', sections[section].letter], `${keys.go} ${names[section]}`] as const),
    [['?'], keys.help],
  ]
  return (
    <dl className="key-table">
      {rows.map(([names, meaning]) => (
        <div key={meaning}>
          <dt>
            {names.map((name) => (
              <kbd key={name}>{name}</kbd>
            ))}
          </dt>
          <dd>{meaning}</dd>
        </div>
      ))}
    </dl>
  )
}
