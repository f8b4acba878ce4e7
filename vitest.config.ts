import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { untestable } from './infra/testing/servers.ts'

const exclude = ['**/node_modules/**', '**/dist/**']

export default defineConfig({
  test: {
    // Most of them wait for processes and browsers, so one for each core, two at least.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      { test: { name: 'unit', include: ['**/*.test.ts'], exclude } },
      {
        test: {
          name: 'integration',
          include: ['**/*.itest.ts'],
          exclude: [...exclude, ...untestable()],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          pool: 'forks',
        },
      },
    ],
  },
})
