import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { untestable } from './infra/testing/servers.ts'
import { within } from './infra/testing/within.ts'

const exclude = ['**/node_modules/**', '**/dist/**']
/** One for all, and only for what hangs: a machine may be slow, or have other things to do. */
const patience = { testTimeout: 180_000, hookTimeout: 180_000, expect: { poll: within } }

/** They take minutes, and would go on alone when all others are done. */
const longest = ['every-screen', 'wall', 'embedded', 'map'].map((name) => `/${name}.itest.ts`)

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification) => longest.some((end) => moduleId.endsWith(end))
    // oxlint-disable-next-line unicorn/no-array-sort -- a method of the sequencer, which changes nothing in place.
    const sorted = await super.sort(files)
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))]
  }
}

export default defineConfig({
  test: {
    // They wait for processes, disks and browsers a fifth of their time: one more than there are cores.
    maxWorkers: availableParallelism() + 1,
    sequence: { sequencer: LongestFirst },
    projects: [
      { test: { name: 'unit', include: ['**/*.test.ts'], exclude, ...patience } },
      {
        test: {
          name: 'integration',
          include: ['**/*.itest.ts'],
          exclude: [...exclude, ...untestable()],
          ...patience,
          pool: 'forks',
          // What a moment of a busy machine can do to one in thousands does not hold up a change; it is named.
          retry: process.env['CI'] === undefined ? 0 : 1,
        },
      },
    ],
  },
})
