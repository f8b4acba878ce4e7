// What a refused form says: what was wrong and what to do, in the page's language. For signing in, and wherever
// people choose names and passwords.
import type { ErrorCode } from '@ronda/contracts/errors'
import { type PasswordProblem, passwordProblems } from '@ronda/contracts/password'
import type { Refusal } from '../api/http.ts'
import type { Text } from '../text/en.ts'

type Words = Text['credentials']

const sayings: Partial<Record<ErrorCode, (words: Words) => string>> = {
  credentials_wrong: (words) => words.wrong,
  password_wrong: (words) => words.currentWrong,
  sign_in_busy: (words) => words.busy,
  account_exists: (words) => words.exists,
  display_name_taken: (words) => words.sameName,
  last_administrator: (words) => words.lastAdministrator,
  validation_failed: (words) => words.invalid,
  revision_conflict: (words) => words.changedMeanwhile,
  conflict: (words) => words.changedMeanwhile,
  not_found: (words) => words.changedMeanwhile,
}

export function sayRefusal(refusal: Refusal, { credentials: words }: Text): string {
  if (refusal.kind === 'unreachable') return words.unreachable
  const { code, problems = [] } = refusal.problem
  if (code === 'sign_in_limited') return words.limited(refusal.retryAfterS ?? 1)
  if (code === 'password_refused') return words.refused(passwordRefusals(problems, words).join('; '))
  return (sayings[code] ?? ((known) => known.failed))(words)
}

function passwordRefusals(told: readonly string[], words: Words): string[] {
  return (
    Object.entries(passwordProblems)
      .filter(([, problem]) => told.includes(problem))
      // The keys are those of the object.
      .map(([key]) => words.problems[key as PasswordProblem])
  )
}
