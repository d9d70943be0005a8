import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { H2LAB_COMMAND } from './h2lab'

/** Runs the built command in a terminal of so many columns, by script(1), and returns what it shows. */
export async function h2labInTerminal(columns: number, args: readonly string[]): Promise<string> {
  const command = [process.execPath, H2LAB_COMMAND, ...args].map((word) => `'${word}'`).join(' ')
  const { stdout } = await promisify(execFile)('script', [
    '--quiet',
    '--return',
    '--command',
    `stty cols ${columns}; ${command}`,
    '/dev/null',
  ])
  return stdout.replaceAll('\r\n', '\n')
}
