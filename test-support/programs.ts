import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { test } from 'vitest'

/** Tells whether a program is on PATH. */
export function hasProgram(program: string): boolean {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  return folders.some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

/**
 * A test that needs an external program. Without the program it is reported as skipped, with the
 * program's name in its title; where `CI` is `true` it fails, so that no gap goes unnoticed.
 */
export function testWithProgram(program: string, title: string, body: () => Promise<void>): void {
  if (hasProgram(program)) {
    test(title, body)
  } else if (process.env['CI'] === 'true') {
    test(`${title} (needs the program ${program})`, () => {
      throw new Error(`The program ${program} isn't installed.`)
    })
  } else {
    test.skip(`${title} (skipped: the program ${program} isn't installed)`)
  }
}
