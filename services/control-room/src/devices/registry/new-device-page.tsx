// One device, registered by hand.
import { pagePathOf } from '@ronda/contracts/page-routes'
import { registerDevice } from '../../api/registry.ts'
import { useText } from '../../context.tsx'
import { RegisteringForm } from './registering-form.tsx'
import { RegistryFrame } from './registry-frame.tsx'
import { useRegistering } from './use-registering.ts'

export function NewDevicePage() {
  const { deviceForm: words } = useText()
  const registering = useRegistering(registerDevice)
  return (
    <RegistryFrame title={words.newTitle} className="registry-form">
      <RegisteringForm
        title={words.newTitle}
        registering={registering}
        fixed={[]}
        back={pagePathOf({ section: 'devices' })}
      />
    </RegistryFrame>
  )
}
