import { stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { everyKind } from '../apps/every-kind.mjs'
import { CLIENTS } from '../clients/by-http-version'
import { chromiumPage, pageProtocol } from '../clients/chromium'
import { curl as runCurl } from '../clients/curl'
import { grpcClient } from '../clients/grpc'
import { testWithProgram } from '../programs'
import type { ServerStarter } from '../server-starter'
import { temporaryFolder } from '../temporary-folder'

/** For servers whose loop runs in a separate thread. */
const EVERY_KIND = new URL('../apps/every-kind.mjs', import.meta.url)

const MIB = 1_048_576
/** In MiB: a hundred times more than any window or buffer, so that a stall shows. */
const LARGE = 100

/**
 * Common clients against a server whose handler reads what they send and responds asynchronously. For dispatch
 * methods that support promises.
 */
export function describeHandler(starter: ServerStarter): void {
  const { name, method, tls, httpVersion } = starter
  const { curlFlag, curlName, alpn } = CLIENTS[httpVersion]
  const curl = (url: string, ...args: string[]) => runCurl(url, curlFlag(tls), ...args)
  const app =
    method.handlers === 'modules' ? { module: EVERY_KIND, export: 'everyKind' } : everyKind
  const start = () => starter.start({ app })

  describe(`a handler behind ${name}`, () => {
    testWithProgram('curl', `curl uploads ${LARGE} MiB`, async () => {
      const { url } = await start()
      const file = join(await temporaryFolder(), 'upload')
      await writeFile(file, Buffer.alloc(LARGE * MIB, 'a'))
      const { status, body } = await curl(`${url}upload`, '--data-binary', `@${file}`)
      expect({ status, body }).toEqual({ status: 200, body: `${LARGE * MIB}\n` })
    })

    testWithProgram('curl', `curl downloads ${LARGE} MiB`, async () => {
      const { url } = await start()
      const file = join(await temporaryFolder(), 'download')
      const { status } = await curl(`${url}download?mib=${LARGE}`, '--output', file)
      expect({ status, size: (await stat(file)).size }).toEqual({ status: 200, size: LARGE * MIB })
    })

    testWithProgram('curl', 'curl --head gets the fields that GET has, and no body', async () => {
      const { url } = await start()
      const { status, body } = await curl(`${url}anything`, '--head')
      expect(status).toBe(200)
      expect(body).toContain('content-length: 15')
      expect(body).not.toContain('HEAD /anything')
    })

    testWithProgram('curl', 'curl that expects 100 gets it, and then sends its body', async () => {
      const { url } = await start()
      const options = ['--data', 'octet', '--header', 'Expect: 100-continue', '--include']
      const { body } = await curl(`${url}upload`, ...options)
      expect(body.startsWith(`HTTP/${curlName} 100`)).toBe(true)
      expect(body).toMatch(/\n5\n$/)
    })

    testWithProgram(
      'curl',
      'JSON that is malformed gets a 400, and nothing is printed',
      async () => {
        const printed = vi.spyOn(console, 'error').mockImplementation(() => {})
        onTestFinished(() => printed.mockRestore())
        const server = await start()
        const right = await curl(`${server.url}json`, '--data', '{ "name": "Ada" }')
        expect(right).toMatchObject({ status: 200, body: '{"name":"Ada"}' })
        const wrong = await curl(`${server.url}json`, '--data', '{ "name": Ada }')
        expect(wrong).toMatchObject({ status: 400, body: '' })
        await server.close()
        expect(printed).not.toHaveBeenCalled()
      },
    )

    if (httpVersion === '2') describeHttp2Only(start, curl)
    if (!tls) return

    testWithProgram(
      'chromium',
      'Chromium loads a page with 100 images and posts its form',
      async () => {
        const { url } = await start()
        const page = await chromiumPage()
        await page.goto(`${url}page`)
        expect(await pageProtocol(page)).toBe(alpn)
        const widths = await page.evaluate<number[]>(
          '[...document.images].map((image) => image.naturalWidth)',
        )
        expect(widths).toEqual(Array.from({ length: 100 }, (_, index) => index + 1))
        await page.click('button')
        await page.waitForURL(`${url}form`)
        expect(await page.title()).toBe('Hello Ada')
      },
    )
  })
}

/** What the HTTP/1.1 servers under test can't send. */
function describeHttp2Only(
  start: () => Promise<{ readonly url: string }>,
  curl: typeof runCurl,
): void {
  testWithProgram('curl', 'curl sees trailers', async () => {
    const { url } = await start()
    const { body } = await curl(`${url}trailers`, '--include')
    expect(body).toContain('with trailers\n')
    expect(body).toContain('x-checksum: 1b2c')
  })

  testWithProgram('curl', 'curl sees an informational response before the final one', async () => {
    const { url } = await start()
    const { status, body } = await curl(`${url}early-hints`, '--include')
    expect(status).toBe(200)
    expect(body).toMatch(/^HTTP\/2 103 *\r?\nlink: <\/style.css>; rel=preload/)
    expect(body).toMatch(/final\n$/)
  })

  test('grpc-js makes a unary call', async () => {
    const client = await grpcClient((await start()).url)
    onTestFinished(() => client.close())
    const message = Buffer.from('one message')
    expect(await client.unary('/grpc.Echo/Echo', message)).toEqual(message)
  })

  test('grpc-js makes a streaming call', async () => {
    const client = await grpcClient((await start()).url)
    onTestFinished(() => client.close())
    const messages = Array.from({ length: 100 }, (_, index) => Buffer.alloc(index * 100, index))
    const answers = await client.stream('/grpc.Echo/Echo', messages)
    // Compared as text, because a matcher on so many octets takes seconds.
    expect(answers.map(toText)).toEqual(messages.map(toText))
  })
}

function toText(octets: Buffer): string {
  return octets.toString('latin1')
}
