import { accessSync, constants, existsSync } from 'node:fs'
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
 *
 * @param folder what the program needs beside itself, for instance a library in source
 */
export function testWithProgram(
  program: string,
  title: string,
  body: () => Promise<void>,
  folder?: string,
): void {
  const missing = !hasProgram(program)
    ? `program ${program}`
    : folder !== undefined && !existsSync(folder)
      ? `folder ${folder}`
      : undefined
  if (missing === undefined) {
    test(title, body)
  } else if (process.env['CI'] === 'true') {
    test(`${title} (needs the ${missing})`, () => {
      throw new Error(`The ${missing} is missing: install it.`)
    })
  } else {
    test.skip(`${title} (skipped: the ${missing} is missing)`)
  }
}
