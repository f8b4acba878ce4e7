import type { Fault } from '../fault.ts'

let lastNumber = 0

/** A fault for tests: an open lamp failure, but for what is given. */
export function makeFault(given: Partial<Fault> = {}): Fault {
  lastNumber += 1
  const uid = String(lastNumber).padStart(10, '0')
  return {
    id: `${uid}.lamp_failure.${lastNumber.toString(36)}`,
    uid,
    revision: 1,
    code: 'lamp_failure',
    severity: 'major',
    deviceId: `pju-${lastNumber}`,
    kind: 'streetlight',
    district: 'serpong',
    agency: 'dishub',
    name: `PJU Jl. Raya Serpong ${lastNumber}`,
    latitude: -6.3,
    longitude: 106.7,
    active: true,
    acknowledged: false,
    raisedAt: 1_700_000_000_000 + lastNumber,
    updatedAt: 1_700_000_000_000 + lastNumber,
    overdue: false,
    children: 0,
    occurrences: 1,
    evidence: { powerW: 0.4 },
    message: { en: 'Lamp out – “dark”', id: 'Lampu padam' },
    ...given,
  }
}
