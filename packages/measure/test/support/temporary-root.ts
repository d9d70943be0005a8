import { readdir } from 'node:fs/promises'
import { onTestFinished } from 'vitest'
import { temporaryFolder } from '../../../../test-support/temporary-folder'

/**
 * Makes all temporary folders of this process, and of those that it starts, lie in one of their own
 * until the test has finished.
 *
 * @returns tells what is in it
 */
export async function temporaryRoot(): Promise<() => Promise<string[]>> {
  const root = await temporaryFolder()
  const before = process.env['TMPDIR']
  process.env['TMPDIR'] = root
  onTestFinished(() => {
    if (before === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = before
  })
  return () => readdir(root)
}
