import type { ViteUserConfig } from 'vitest/config'

/**
 * The test settings every package shares.
 *
 * @param more what a package changes
 */
export function packageTests(more: ViteUserConfig['test'] = {}): ViteUserConfig {
  return {
    test: {
      include: ['test/**/*.test.ts'],
      // Real processes and browsers start inside some tests; a shared machine is slow at times.
      testTimeout: 30_000,
      hookTimeout: 30_000,
      // `npm test` sums these files up over the packages.
      reporters: ['default', ['json', { outputFile: 'test-results.json' }]],
      ...more,
    },
  }
}
