// A filter with several values: what is chosen stands on its button, what each value would show beside it.
import { useText } from '../context.tsx'
import { ChevronDownIcon } from '../frame/icons.tsx'
import { Popover } from '../frame/popover.tsx'

interface Choice<T extends string> {
  value: T
  label: string
  count: number | undefined
}

export interface ChoiceMenuProps<T extends string> {
  label: string
  choices: readonly Choice<T>[]
  chosen: readonly T[]
  onChange: (chosen: readonly T[]) => void
}

export function ChoiceMenu<T extends string>({ label, choices, chosen, onChange }: ChoiceMenuProps<T>) {
  const { filters } = useText()
  const names = choices.filter(({ value }) => chosen.includes(value)).map((choice) => choice.label)
  const summary = names.length > 2 ? filters.chosen(names.length) : names.join(', ')
  return (
    <Popover
      className={`chip chip-menu${chosen.length > 0 ? ' chip-on' : ''}`}
      button={
        <>
          <span className="chip-label">{summary === '' ? label : `${label}: ${summary}`}</span>
          <ChevronDownIcon />
        </>
      }
    >
      {() => (
        <fieldset className="choices">
          <legend className="panel-title">{label}</legend>
          {choices.map((choice) => (
            <label key={choice.value} className="choice">
              <input
                type="checkbox"
                checked={chosen.includes(choice.value)}
                onChange={({ target }) =>
                  onChange(
                    target.checked ? [...chosen, choice.value] : chosen.filter((value) => value !== choice.value),
                  )
                }
              />
              <span className="choice-label">{choice.label}</span>
              <span className="count">{choice.count ?? 0}</span>
            </label>
          ))}
          <button
            type="button"
            className="choice choice-all"
            disabled={chosen.length === 0}
            onClick={() => onChange([])}
          >
            {filters.none}
          </button>
        </fieldset>
      )}
    </Popover>
  )
}
