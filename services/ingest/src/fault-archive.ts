// Closed faults by the time they were closed: `closedAt` in base 36, nine digits (to the year 5188), then the
// fault's id.

export function archiveKey(closedAt: number, faultId: string): string {
  return `${closedAt.toString(36).padStart(9, '0')}.${faultId}`
}

/** Keys of faults closed at or after a time begin after this one. */
export function archiveBound(closedAt: number): string {
  return closedAt.toString(36).padStart(9, '0')
}
