// The form of a device: its fields in the groups of the registry, each marked that the server refused.
import { type FormEvent, type ReactNode, useEffect, useRef } from 'react'
import { useText } from '../../context.tsx'
import type { Column } from './device-columns.ts'
import type { Draft } from './device-draft.ts'
import { FormField } from './form-field.tsx'
import { KnownDevices } from './known-devices.tsx'
import { useChoices } from './use-choices.ts'

export interface DeviceFormProps {
  label: string
  draft: Draft
  onChange: (draft: Draft) => void
  /** They stand already, and stay. */
  fixed: readonly Column[]
  /** By what the server refused it. */
  wrong: readonly Column[]
  onSubmit: () => void
  /** Above the buttons. */
  notes: ReactNode
  buttons: ReactNode
}

const needed: ReadonlySet<Column> = new Set(['id', 'name', 'latitude', 'longitude', 'district', 'intervalS', 'zone'])

const groups = {
  identity: ['id', 'kind', 'name', 'serial', 'installedAt', 'tags'],
  place: ['district', 'street', 'pole', 'site', 'latitude', 'longitude'],
  supplied: ['cabinet', 'circuit', 'phase', 'supply', 'gateway'],
  expected: ['agency', 'intervalS', 'nominalPowerW', 'nominalVoltageV', 'zone', 'enabled', 'rules'],
} as const satisfies Record<string, readonly Column[]>

export function DeviceForm({ label, draft, onChange, fixed, wrong, onSubmit, notes, buttons }: DeviceFormProps) {
  const { deviceForm: words } = useText()
  const choices = useChoices()
  const form = useRef<HTMLFormElement>(null)

  // Whoever sends it hears at once what is wrong.
  useEffect(() => {
    if (wrong.length > 0) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
  }, [wrong])

  function change(column: Column, value: string): void {
    // A position is often copied in one piece.
    const [latitude, longitude] = /^\s*(-?\d+\.\d+)\s*,\s*(-?\d+\.\d+)\s*$/.exec(value)?.slice(1) ?? []
    if (column === 'latitude' && latitude !== undefined && longitude !== undefined) {
      onChange({ ...draft, latitude, longitude })
    } else onChange({ ...draft, [column]: value })
  }

  const field = (column: Column) => (
    <FormField
      key={column}
      column={column}
      value={draft[column]}
      isNeeded={needed.has(column)}
      isFixed={fixed.includes(column)}
      isWrong={wrong.includes(column)}
      choices={choices[column]}
      list={column === 'cabinet' || column === 'gateway' ? `known-${column}` : undefined}
      onChange={(value) => change(column, value)}
    />
  )

  return (
    <form
      ref={form}
      className="device-form"
      aria-label={label}
      noValidate
      onSubmit={(event: FormEvent) => {
        event.preventDefault()
        onSubmit()
      }}
    >
      <div className="device-form-body">
        <p className="hint">{words.required}</p>
        {/* The keys are those of the words. */}
        {(Object.keys(groups) as (keyof typeof groups)[]).map((group) => (
          <fieldset key={group} className="device-form-group">
            <legend>{words.groups[group]}</legend>
            <div className="device-form-fields">{groups[group].map(field)}</div>
          </fieldset>
        ))}
        <KnownDevices kind="cabinet" search={draft.cabinet} />
        <KnownDevices kind="gateway" search={draft.gateway} />
      </div>
      <footer className="device-form-foot">
        {notes}
        <div className="form-buttons">{buttons}</div>
      </footer>
    </form>
  )
}
