// What is said when the registry did not do what it was asked to.
import type { Refusal } from '../../api/http.ts'
import type { Text } from '../../text/en.ts'

/** `unanswered`: what it means that nobody answered; for a question it is harmless, for a change it is not. */
export function sayRegistryRefusal(
  refusal: Refusal,
  { registry, deviceForm }: Text,
  unanswered: string = registry.unknownOutcome,
): string {
  if (refusal.kind === 'unreachable' || refusal.problem.code === 'unavailable') return unanswered
  const { code, detail, problems = [] } = refusal.problem
  if (code === 'device_retired') return deviceForm.retired
  if (code === 'device_exists') return deviceForm.exists
  return registry.failed([detail, ...problems].join('; '))
}
