// Closed faults by the time they were closed: `closedAt` in base 36, nine digits (to the year 5188), then the
// fault's id.

export function archiveKey(closedAt: number, faultId: string): string {
  return `${closedAt.toString(36).padStart(9, '0')}.${faultId}`
}

/** Keys of faults closed at or after a time begin after this one. */
export function archiveBound(closedAt: number): string {
  return closedAt.toString(36).padStart(9, '0')
}

const idPattern = /^[a-z0-9]{10}\.[\w.:-]+\.([0-9a-z]{1,9})$/

/** When a fault was raised, of its id (`uid.code.raisedAt`); undefined when it is no id of a fault. */
export function raisedAtOf(id: string): number | undefined {
  const raisedAt = idPattern.exec(id)?.[1]
  return raisedAt === undefined ? undefined : Number.parseInt(raisedAt, 36)
}
