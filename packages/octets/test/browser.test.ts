import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, onTestFinished } from 'vitest'
import { testWithProgram } from '../../../test-support/programs'

/*
 * The package as it is built, in a browser: it needs nothing of Node.
 */

const BUILT = fileURLToPath(new URL('../dist/index.js', import.meta.url))

/** Runs a module's text in a page, and returns what it has put into the page's body. */
async function inBrowser(script: string): Promise<string> {
  const profile = await mkdtemp(join(tmpdir(), 'octets-'))
  onTestFinished(() => rm(profile, { recursive: true, force: true }))
  const page = `<script type="module">${script}</script>`
  const { stdout } = await promisify(execFile)('chromium', [
    '--headless',
    // Without it Chromium refuses to run for root, as in containers. The page is our own.
    '--no-sandbox',
    `--user-data-dir=${profile}`,
    '--dump-dom',
    `data:text/html;base64,${Buffer.from(page).toString('base64')}`,
  ])
  return stdout
}

testWithProgram('chromium', 'the package runs in a browser', async () => {
  const module = `data:text/javascript;base64,${await readFile(BUILT, 'base64')}`
  const dom = await inBrowser(`
    const { octetize, OutputBuffer, readUint31, toHex } = await import('${module}')
    const buffer = new OutputBuffer()
    buffer.append(octetize('80000102', 'hex'))
    const run = buffer.take()
    document.body.textContent = toHex(run) + ' is ' + readUint31(run, 0)
  `)
  expect(dom).toContain('<body>80000102 is 258</body>')
})
