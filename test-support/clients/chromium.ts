import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { chromium, type Page } from 'playwright-core'
import { onTestFinished } from 'vitest'

/** Opens an empty page in headless Chromium, which is closed when the test has finished. */
export async function chromiumPage(): Promise<Page> {
  const browser = await chromium.launch({
    executablePath: executable('chromium'),
    // The sandbox needs permissions that containers and root lack. Chromium only loads pages of the tests.
    args: ['--no-sandbox', '--disable-quic'],
  })
  onTestFinished(() => browser.close())
  const context = await browser.newContext({ ignoreHTTPSErrors: true })
  return await context.newPage()
}

/** The protocol that the page was loaded by, such as `h2`: its ALPN identifier (Resource Timing). */
export function pageProtocol(page: Page): Promise<string> {
  return page.evaluate<string>("performance.getEntriesByType('navigation')[0].nextHopProtocol")
}

function executable(program: string): string {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  const path = folders.map((folder) => join(folder, program)).find((file) => existsSync(file))
  if (path === undefined) throw new Error(`The program ${program} isn't on PATH.`)
  return path
}
