import type { Fault } from '@ronda/contracts/fault'
import { useCallback } from 'react'
import { useRoom } from '../context.tsx'
import { acknowledgeAndTell } from './acknowledge-and-tell.ts'

/** Acknowledges and tells what became of it. */
export function useAcknowledge(): (faults: readonly Fault[]) => void {
  const room = useRoom()
  return useCallback((faults) => void acknowledgeAndTell(room, faults), [room])
}
