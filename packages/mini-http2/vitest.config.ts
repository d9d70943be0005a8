import { defineConfig } from 'vitest/config'
import { packageTests } from '../../vitest.base.ts'

export default defineConfig(
  packageTests({
    coverage: {
      // It takes half as long again.
      enabled: process.env['CI'] !== undefined,
      provider: 'v8',
      include: ['src/**'],
      // Runs in worker threads, which this coverage does not see. The server packages test it.
      exclude: ['src/server/thread/host-thread.ts'],
      thresholds: { lines: 97, branches: 97 },
      reporter: ['text-summary', ['text', { skipFull: true, maxCols: 120 }]],
    },
  }),
)
