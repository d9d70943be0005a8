import { defineConfig } from 'vitest/config'
import { packageTests } from '../vitest.base.ts'

export default defineConfig(
  packageTests({
    globalSetup: 'test/support/build.ts',
    testTimeout: 240_000,
    // Each has a server and a crowd of clients, which need the processor.
    fileParallelism: false,
  }),
)
