import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { untestable } from './infra/testing/servers.ts'

const exclude = ['**/node_modules/**', '**/dist/**']
/** Only for what hangs: a machine may be slow, or have other things to do. */
const patience = { testTimeout: 60_000, hookTimeout: 60_000 }

export default defineConfig({
  test: {
    // Most of them wait for processes and browsers half of their time.
    maxWorkers: availableParallelism() + 1,
    projects: [
      { test: { name: 'unit', include: ['**/*.test.ts'], exclude, ...patience } },
      {
        test: {
          name: 'integration',
          include: ['**/*.itest.ts'],
          exclude: [...exclude, ...untestable()],
          ...patience,
          pool: 'forks',
        },
      },
    ],
  },
})
