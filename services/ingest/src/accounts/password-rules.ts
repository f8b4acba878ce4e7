// What a password has to be, after NIST SP 800-63B: long, and nothing that anybody tries first. Which characters it is
// made of is nobody's business, and it does not grow old.
import { AppError } from '@ronda/contracts/errors'
import {
  type PasswordProblem,
  leastPasswordCharacters,
  mostPasswordCharacters,
  passwordProblems,
} from '@ronda/contracts/password'

const leastDifferent = 5
/** Of a password without what stands before and after its letters, below which that says nothing. */
const leastStem = 4

/** Throws `password_refused` with everything that is wrong with it. */
export async function checkNewPassword(password: string, of: { name: string; displayName: string }): Promise<void> {
  const characters = Array.from(password).length
  const is: Record<PasswordProblem, boolean> = {
    short: characters < leastPasswordCharacters,
    long: characters > mostPasswordCharacters,
    name: contains(password, of.name) || contains(password, of.displayName),
    common: await isCommon(password),
  }
  const problems = Object.entries(passwordProblems).flatMap(([problem, words]) =>
    // The keys are those of the object.
    is[problem as PasswordProblem] ? [words] : [],
  )
  if (problems.length > 0) {
    throw new AppError('password_refused', `choose another password: ${problems.join(', ')}`, { problems })
  }
}

function contains(password: string, name: string): boolean {
  return password.toLowerCase().includes(name.toLowerCase())
}

let common: Promise<ReadonlySet<string>> | undefined

/** Some 50,000 passwords that were found in many breaches, asked for when somebody chooses one. */
async function readCommon(): Promise<ReadonlySet<string>> {
  const { dictionary } = await import('@zxcvbn-ts/language-common')
  return new Set(dictionary['passwords-common'])
}

/** One of the common ones, also with digits and signs around it; or one that says the same again and again. */
async function isCommon(password: string): Promise<boolean> {
  const plain = password.toLowerCase()
  const stem = plain.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '')
  if (new Set(plain).size < leastDifferent || /^(.{1,8})\1+$/u.test(plain)) return true
  const known = await (common ??= readCommon())
  return known.has(plain) || (stem.length >= leastStem && known.has(stem))
}
