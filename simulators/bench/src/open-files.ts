// How many connections this shell allows: a process that opens thousands needs as many file descriptors.
import { AppError } from '@ronda/contracts/errors'

/** Throws `config_invalid` when a process that is started from here may not have that many files open. */
export function requireOpenFiles(needed: number): void {
  const allowed = allowedFiles()
  if (allowed >= needed) return
  const message =
    `each process of this measurement needs ${needed} open files, this shell allows ${allowed}: ` +
    `run \`ulimit -n ${needed}\` first (where that is refused, raise "nofile" in /etc/security/limits.conf or the ` +
    'LimitNOFILE of the service manager), or measure less with --only'
  throw new AppError('config_invalid', message)
}

/** Node raises its limit to the hard one, and what it starts inherits that. Infinite where there is no limit. */
function allowedFiles(): number {
  // The form of Node's diagnostic report; systems without such limits have none in it.
  const report = process.report.getReport() as { userLimits?: { open_files?: { hard: number | string } } }
  const hard = report.userLimits?.open_files?.hard ?? 'unlimited'
  return hard === 'unlimited' ? Number.POSITIVE_INFINITY : Number(hard)
}
