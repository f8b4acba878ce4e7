// Faults over HTTP: one with its whole trail, open or closed, and what operators do to them.
import type { ActionBody, FaultActionName, Verdict } from '@ronda/contracts/action'
import type { Fault, FaultStory } from '@ronda/contracts/fault'
import { type Reply, request } from './http.ts'

/** What an operator asks of a fault. */
export type ActionRequest = {
  [A in FaultActionName]: { action: A } & Omit<ActionBody<A>, 'expectedRevision'>
}[FaultActionName]

interface AskOptions {
  /** Only if the fault still has this revision. */
  expectedRevision: number | undefined
  /** The same key again is the same request. */
  idempotencyKey: string
}

export interface FaultApi {
  fetch(id: string): Promise<Reply<FaultStory>>
  /** Those of a device that are closed, the newest first. */
  listClosed(device: string, limit: number): Promise<Reply<{ readonly faults: readonly Fault[] }>>
  /** 202 when the detector did not decide in time. */
  act(id: string, asked: ActionRequest, options: AskOptions): Promise<Reply<Verdict>>
}

/** `origin` is empty for the page's own. */
export function createFaultApi(origin: string): FaultApi {
  const pathOf = (id: string) => `${origin}/api/v1/faults/${encodeURIComponent(id)}`
  return {
    fetch: (id) => request(pathOf(id)),
    listClosed: (device, limit) =>
      request(`${origin}/api/v1/faults?state=closed&device=${encodeURIComponent(device)}&limit=${limit}`),
    act: (id, { action, ...asked }, { expectedRevision, idempotencyKey }) =>
      request(`${pathOf(id)}/${action}`, {
        method: 'POST',
        body: { ...asked, expectedRevision },
        headers: { 'idempotency-key': idempotencyKey },
      }),
  }
}
