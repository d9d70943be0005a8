import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, onTestFinished, test } from 'vitest'
import { testWithProgram } from '../../../../test-support/programs'
import { temporaryFolder } from '../../../../test-support/temporary-folder'
import { IMPLEMENTATIONS } from '../../src'
import { h2lab, startH2lab } from '../support/h2lab'

async function served(args: readonly string[]) {
  const server = startH2lab(['serve', ...args])
  await server.printed('listening on ')
  return { server, url: /listening on (\S+)\n/.exec(server.stdout)![1]! }
}

async function curl(...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('curl', ['--silent', '--show-error', ...args])
  return stdout
}

const SERVED = IMPLEMENTATIONS.map((one) => [one.name, one] as const)

describe.each(SERVED)('h2lab serve %s', (name, { httpVersion, availability }) => {
  const there = availability()
  if (there.state === 'unavailable') {
    test.skip(`(skipped: ${there.reason})`)
    return
  }

  testWithProgram('curl', 'answers curl through TLS', async () => {
    const { url } = await served([name, '--port', '0'])
    expect(url).toMatch(/^https:\/\/127\.0\.0\.1:\d+\/$/)
    expect(await curl('--insecure', url)).toBe('Hello World\n')
  })

  testWithProgram('curl', 'answers curl without TLS', async () => {
    const { url } = await served([name, '--port', '0', '--no-tls'])
    expect(url).toMatch(/^http:/)
    const version = httpVersion === 'h2' ? '--http2-prior-knowledge' : '--http1.1'
    expect(await curl(version, url)).toBe('Hello World\n')
  })

  test.each(['SIGINT', 'SIGTERM'] as const)('ends with exit code 0 at %s', async (signal) => {
    const { server } = await served([name, '--port', '0'])
    server.process.kill(signal)
    expect(await server.ended).toMatchObject({ code: 0 })
  })
})

const HANDLERS = ['async', 'async-custom', 'none', 'thread'].map((method) => `${method}/http2`)

for (const name of [...HANDLERS, 'thread/nghttp2']) {
  const title = `serve ${name} --app serves what a module exports, and prints what it throws once`
  testWithProgram('curl', title, async () => {
    const app = join(await temporaryFolder(), 'app.mjs')
    await writeFile(
      app,
      `export default ({ path }, response) => {
        if (path === '/broken') throw new Error('it is broken')
        response.send(200, {}, 'from the module')
      }`,
    )
    const { server, url } = await served([name, '--port', '0', '--app', app])
    expect(await curl('--insecure', url)).toBe('from the module')
    const status = await curl('--insecure', '--write-out', '%{http_code}', `${url}broken`)
    expect(status).toBe('500')
    await server.printed('GET /broken: Error: it is broken')
    server.process.kill('SIGTERM')
    const { stderr } = await server.ended
    expect(stderr.match(/it is broken/g)).toHaveLength(1)
  })
}

test('--app refuses a fetch application and names toHandler', async () => {
  const app = join(await temporaryFolder(), 'app.mjs')
  await writeFile(app, 'export default { fetch: (request) => new Response(request.url) }')
  const { code, stderr } = await h2lab(['serve', 'async/http2', '--port', '0', '--app', app])
  expect(stderr).toContain('toHandler(app.fetch)')
  expect(code).toBe(1)
})

test('a port in use ends h2lab serve with exit code 1 and a line that names it', async () => {
  const other = createServer()
  onTestFinished(() => void other.close())
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  const { port } = other.address() as { port: number }
  const { code, stderr } = await h2lab(['serve', 'async/mini', '--port', String(port)])
  expect(stderr).toContain(`127.0.0.1:${port}`)
  expect(stderr).toContain('in use')
  expect(code).toBe(1)
})

test.each([
  [['--app', 'no-such-app.mjs'], 'no-such-app.mjs'],
  [['--cert', 'no-such.pem', '--key', 'no-such.pem'], 'no-such.pem'],
])('%j names what is missing and ends with exit code 1', async (args, named) => {
  const { code, stderr } = await h2lab(['serve', 'async/mini', '--port', '0', ...args])
  expect(stderr).toContain(named)
  expect(code).toBe(1)
})
