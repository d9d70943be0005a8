import { expect, test } from 'vitest'
import { threadFile } from '../../../src/server/thread'

test.each([
  ['file:///node_modules/server/dist/index.js', '/node_modules/server/dist/loop-thread.js'],
  ['file:///node_modules/server/dist/chunk-A1.cjs', '/node_modules/server/dist/loop-thread.cjs'],
  ['file:///src/packages/server/src/loop/loop.ts', '/src/packages/server/dist/loop-thread.js'],
])('%s finds its thread in %s', (here, file) => {
  expect(threadFile(here, 'loop-thread')).toBe(file)
})
