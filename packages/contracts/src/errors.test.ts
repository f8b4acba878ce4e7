import { expect, test } from 'vitest'
import { verdictCodes } from './action.ts'
import { deadLetterCodes } from './dead-letter-codes.ts'
import { AppError, errorCatalogue, isErrorCode } from './errors.ts'

test('every dead letter and every verdict has its code in the catalogue', () => {
  for (const code of [...deadLetterCodes, ...verdictCodes]) expect(isErrorCode(code), code).toBe(true)
})

test('an error says what its code says, unless it knows better', () => {
  expect(new AppError('storage_full').message).toBe(errorCatalogue.storage_full.title)
  const cause = new Error('ENOSPC')
  const error = new AppError('storage_full', 'make room', { cause })
  expect(error).toMatchObject({ code: 'storage_full', message: 'make room', retryable: true, cause })
})
