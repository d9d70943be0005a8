import { defineConfig } from 'vitest/config'
import { packageTests } from '../vitest.base.ts'

export default defineConfig(
  packageTests({ globalSetup: 'test/support/build.ts', testTimeout: 120_000 }),
)
