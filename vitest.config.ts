import { defineConfig } from 'vitest/config'
import { untestable } from './infra/testing/servers.ts'

const exclude = ['**/node_modules/**', '**/dist/**']

export default defineConfig({
  test: {
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
