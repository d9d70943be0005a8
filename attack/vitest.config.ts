import { defineConfig } from 'vitest/config'
import { packageTests } from '../vitest.base.ts'

export default defineConfig(packageTests({ testTimeout: 120_000, hookTimeout: 60_000 }))
