// The API's own description: OpenAPI from the routes' schemas, readable at /docs.
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import { Verdict } from '@ronda/contracts/action'
import { Fault } from '@ronda/contracts/fault'
import { MaintenanceWindow } from '@ronda/contracts/maintenance'
import type { HttpServer } from '@ronda/runtime/http'
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { Refusal } from './action-answers.ts'

/** What many routes answer is described once. */
const schemaRegistry = z
  .registry<{ id: string }>()
  .add(Fault, { id: 'Fault' })
  .add(MaintenanceWindow, { id: 'MaintenanceWindow' })
  .add(Verdict, { id: 'Verdict' })
  .add(Refusal, { id: 'Refusal' })

export async function describeApi(app: HttpServer, cityName: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Ronda',
        version: '1',
        description: `Street lights, cameras and public WiFi of ${cityName}: devices, history, faults, operation.`,
      },
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
      security: [{ token: [] }],
    },
    transform: createJsonSchemaTransform({ schemaRegistry }),
    transformObject: createJsonSchemaTransformObject({ schemaRegistry }),
  })
  await app.register(swaggerUi, { routePrefix: '/docs' })
}
