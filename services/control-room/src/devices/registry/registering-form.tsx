// The form of a device that is being registered, by itself or off the pending ones.
import { useText } from '../../context.tsx'
import { Link } from '../../frame/link.tsx'
import type { Column } from './device-columns.ts'
import { DeviceForm } from './device-form.tsx'
import { sayRegistryRefusal } from './refusal.ts'
import type { Registering } from './use-registering.ts'

export interface RegisteringFormProps {
  title: string
  registering: Registering
  fixed: readonly Column[]
  /** Where somebody goes who does not register it. */
  back: string
}

export function RegisteringForm({ title, registering, fixed, back }: RegisteringFormProps) {
  const text = useText()
  const { deviceForm: words, registry } = text
  const { draft, wrong, refusal, isAsking, write, send } = registering
  const isAboutFields = refusal?.kind === 'problem' && refusal.problem.code === 'validation_failed' && wrong.length > 0
  return (
    <DeviceForm
      label={title}
      draft={draft}
      fixed={fixed}
      wrong={wrong}
      onChange={write}
      onSubmit={send}
      notes={
        refusal !== undefined && (
          <p className="form-problem" role="alert">
            {isAboutFields ? words.check : sayRegistryRefusal(refusal, text)}
          </p>
        )
      }
      buttons={
        <>
          <button type="submit" className="button button-strong" disabled={isAsking}>
            {words.register}
          </button>
          <Link className="button" href={back}>
            {registry.cancel}
          </Link>
        </>
      }
    />
  )
}
