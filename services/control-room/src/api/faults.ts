// Faults over HTTP: one with its whole trail, open or closed, and what operators do to them.
import type { ActionBody, Verdict } from '@ronda/contracts/action'
import type { FaultRow } from '@ronda/contracts/fault'
import { type Reply, request } from './http.ts'

export interface FaultApi {
  fetch(id: string): Promise<Reply<FaultRow>>
  /** 202 when the detector did not decide in time. The same key again is the same request. */
  acknowledge(id: string, body: ActionBody<'acknowledge'>, idempotencyKey: string): Promise<Reply<Verdict>>
}

/** `origin` is empty for the page's own. */
export function createFaultApi(origin: string): FaultApi {
  const pathOf = (id: string) => `${origin}/api/v1/faults/${encodeURIComponent(id)}`
  return {
    fetch: (id) => request(pathOf(id)),
    acknowledge: (id, body, key) =>
      request(`${pathOf(id)}/acknowledge`, { method: 'POST', body, headers: { 'idempotency-key': key } }),
  }
}
