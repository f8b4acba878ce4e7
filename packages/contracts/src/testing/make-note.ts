import type { AlarmNote } from '../alarm-metrics.ts'

/** A note for tests: a lamp failure was announced, but for what is given. */
export function makeNote(given: Partial<AlarmNote> = {}): AlarmNote {
  return {
    at: 1_700_000_000_000,
    name: 'announced',
    deviceId: 'pju-1',
    code: 'lamp_failure',
    district: 'serpong',
    kind: 'streetlight',
    severity: 'warning',
    agency: 'dishub',
    ...given,
  }
}
