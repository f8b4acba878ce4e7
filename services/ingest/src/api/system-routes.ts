// How Ronda itself is, in one answer: for the page's section System, and for whoever asks from outside.
import { SystemState } from '@ronda/contracts/system'
import type { HttpServer } from '@ronda/runtime/http'
import type { Guard } from './guard.ts'

export interface SystemRoutesDeps {
  guard: Guard
  state: () => Promise<SystemState>
}

export function systemRoutes(app: HttpServer, { guard, state }: SystemRoutesDeps): void {
  app.get(
    '/api/v1/system',
    {
      onRequest: guard.needs('read'),
      schema: {
        tags: ['operation'],
        summary: 'The ledger with its trend, services, readers, store, streams and disk',
        response: { 200: SystemState },
      },
    },
    async () => state(),
  )
}
