import { createRequire } from 'node:module'
import { Ajv } from 'ajv'
import { expect, test } from 'vitest'
import { asyncApi } from './asyncapi.ts'

test('the description is valid AsyncAPI 3', () => {
  const schema: unknown = createRequire(import.meta.url)('@asyncapi/specs/schemas/3.0.0-without-$id.json')
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false })
  const validate = ajv.compile(schema as object)
  validate(asyncApi())
  expect(validate.errors).toBeNull()
})
