import { spawnSync } from 'node:child_process'
import { test } from 'vitest'

/**
 * A test that needs an external program. Without the program it is reported as skipped, with the
 * program's name in its title; where `CI` is `true` it fails, so that no gap goes unnoticed.
 */
export function testWithProgram(program: string, title: string, body: () => Promise<void>): void {
  const { CI } = process.env
  const isMissing = spawnSync(program, ['version']).error !== undefined
  if (!isMissing) {
    test(title, body)
  } else if (CI === 'true') {
    test(`${title} (needs the program ${program})`, () => {
      throw new Error(`The program ${program} isn't installed.`)
    })
  } else {
    test.skip(`${title} (skipped: the program ${program} isn't installed)`)
  }
}
