// Names each test that passed only when it was tried again, with what it failed of first: to be mended, not forgotten.
import type { Reporter, TestCase } from 'vitest/node'

export default class SecondTries implements Reporter {
  readonly #told: string[] = []

  onTestCaseResult(test: TestCase): void {
    const { state, errors } = test.result()
    if (state !== 'passed' || (test.diagnostic()?.retryCount ?? 0) === 0) return
    const reasons = errors?.map(({ stack, message }) => stack ?? message) ?? []
    this.#told.push(
      [`passed at the second try: ${test.module.relativeModuleId} > ${test.fullName}`, ...reasons].join('\n'),
    )
  }

  onTestRunEnd(): void {
    for (const each of this.#told) process.stdout.write(`${each}\n`)
  }
}
