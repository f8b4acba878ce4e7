// The API's own description: OpenAPI from the routes' schemas, readable at /docs.
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { HttpServer } from '@ronda/runtime/http'
import { jsonSchemaTransform } from 'fastify-type-provider-zod'

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
    transform: jsonSchemaTransform,
  })
  await app.register(swaggerUi, { routePrefix: '/docs' })
}
