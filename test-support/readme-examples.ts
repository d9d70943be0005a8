import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import { CLIENTS, type HttpVersion } from './clients/by-http-version'

/**
 * Runs each example of a package's README as written, in a separate process: every block marked `js`. It must exit
 * successfully, or print the URL of a server, which then must answer a request. The package must be built first.
 *
 * @param testUrl `import.meta.url` of a test in the package's folder `test`
 * @param httpVersion the HTTP version of the servers in the examples
 */
export function describeReadmeExamples(testUrl: string, httpVersion: HttpVersion = '2'): void {
  const { requestWithNode } = CLIENTS[httpVersion]
  const folder = fileURLToPath(new URL('..', testUrl))
  const readme = readFileSync(join(folder, 'README.md'), 'utf8')
  const examples = Array.from(readme.matchAll(/^```js\n([\s\S]*?)^```$/gm), ([, code]) => code!)

  describe('the examples in the README run as written', () => {
    test.each(examples.map((code, index) => [index + 1, code]))('example %i', async (_, code) => {
      const outcome = await runExample(folder, String(code))
      if (outcome.kind === 'ended') expect(outcome).toEqual({ kind: 'ended', code: 0, errors: '' })
      else expect(await requestWithNode(outcome.url)).toMatchObject([{ status: 200 }])
    })
  })
}

type Outcome =
  | { readonly kind: 'ended'; readonly code: number | null; readonly errors: string }
  | { readonly kind: 'serving'; readonly url: string }

function runExample(folder: string, code: string): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--input-type=module', '--eval', code], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    onTestFinished(() => void child.kill('SIGKILL'))
    let printed = ''
    let errors = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed += text
      const url = /https?:\/\/[^\s]+:\d+\//.exec(printed)?.[0]
      if (url !== undefined) resolve({ kind: 'serving', url })
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors += text
    })
    child.on('error', reject)
    child.on('close', (exitCode) => resolve({ kind: 'ended', code: exitCode, errors }))
  })
}
