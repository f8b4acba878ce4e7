// How many connections the limit of open files leaves room for. Each takes a descriptor, and so do the files of the
// log: with a reserve for those, connections alone never come to the limit.
import { AppError } from '@ronda/contracts/errors'

/** For the log, the registry, TLS files, listeners and what Node needs for itself; about 40 are in use. */
export const reservedDescriptors = 96

/** Fewer are told at the start, because a city has more lamps. */
const fewConnections = 10_000

/** Where the system has no limit, or a larger one. */
const mostEver = 1_000_000

/** Throws `config_invalid` when the limit leaves no room at all. */
export function mostConnections(limit: number = openFilesLimit()): number {
  if (limit > reservedDescriptors) return Math.min(limit - reservedDescriptors, mostEver)
  throw new AppError('config_invalid', 'the configuration has 1 problem', {
    problems: [`open files: the limit of ${limit} leaves no room for connections: ${howToRaise}`],
  })
}

/** What to say of so many; undefined when they are enough. */
export function adviceOn(connections: number): string | undefined {
  return connections < fewConnections ? `for more than ${connections} connections ${howToRaise}` : undefined
}

const howToRaise = 'raise the limit of open files (ulimit -n, LimitNOFILE= of systemd, --ulimit nofile of Docker)'

function openFilesLimit(): number {
  const { report } = process
  // Names of peers are not to be looked up for it.
  Object.assign(report, { excludeNetwork: true })
  // Node's documented form; absent on Windows.
  const { userLimits } = report.getReport() as { userLimits?: { open_files?: { soft: number | 'unlimited' } } }
  const soft = userLimits?.open_files?.soft
  return typeof soft === 'number' ? soft : Infinity
}
