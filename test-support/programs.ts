import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { test } from 'vitest'

/** Whether a program is on PATH. */
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
 * A test that needs an external program. If the program is missing, the test is skipped and its title names the
 * program. If `CI` is `true`, it fails, so that no gap goes unnoticed.
 *
 * @param folder a folder that the program needs, such as the source of a library
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
