import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, onTestFinished, test } from 'vitest'
import { tcpSocket } from '../../../../test-support/clients/raw-client'
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

test('serve async ends at SIGTERM though the application has a timer', async () => {
  const app = join(await temporaryFolder(), 'app.mjs')
  await writeFile(
    app,
    `setInterval(() => {}, 1000)
    export default (_, response) => response.send(200)`,
  )
  const { server } = await served(['async/http2', '--port', '0', '--app', app])
  server.process.kill('SIGTERM')
  expect(await server.ended).toMatchObject({ code: 0 })
})

test('serve prints ten faults of a kind, and at its end how many more there were', async () => {
  const { server, url } = await served(['async/http2', '--port', '0', '--no-tls'])
  const clients = Array.from({ length: 30 }, async () => {
    const socket = await tcpSocket(url)
    socket.end('GET / HTTP/1.1\r\n\r\n\x1b[31m')
    await once(socket.resume(), 'close')
  })
  await Promise.all(clients)
  await server.printed('CLIENT_PREFACE_MISMATCH')
  server.process.kill('SIGTERM')
  const { stderr } = await server.ended
  const lines = stderr.trimEnd().split('\n')
  expect(lines).toHaveLength(11)
  expect(lines[9]).toContain('(CLIENT_PREFACE_MISMATCH)')
  expect(lines[10]).toBe('20 more of the kind CLIENT_PREFACE_MISMATCH')
})

describe('the development certificate', () => {
  test('is refused for a host that other machines can reach, and the error says what to do', async () => {
    const args = ['serve', 'async/mini', '--port', '0', '--host', '0.0.0.0']
    const { code, stderr } = await h2lab(args)
    expect(stderr).toContain('0.0.0.0')
    expect(stderr).toContain('--cert and --key')
    expect(stderr).toContain('--dev-certificate-anywhere')
    expect(code).toBe(2)
  })

  test.each([
    ['with --dev-certificate-anywhere', ['--dev-certificate-anywhere']],
    ['without TLS', ['--no-tls']],
  ])('does not hinder serving there %s', async (_, args) => {
    const { url } = await served(['async/mini', '--port', '0', '--host', '0.0.0.0', ...args])
    expect(url).toContain('localhost')
  })
})

describe('an application that ends the thread of the server', () => {
  const apps = new URL('../../../../test-support/apps/', import.meta.url)
  const args = (name: string) => [
    ...['serve', 'async-custom/http2', '--port', '0', '--no-tls'],
    ...['--app', fileURLToPath(new URL(name, apps))],
  ]

  test('again and again makes serve print the error and end with exit code 1', async () => {
    const { code, stderr } = await h2lab(args('short-lived.mjs'))
    const lines = stderr.trimEnd().split('\n')
    expect(lines).toHaveLength(6)
    for (const line of lines.slice(0, 5)) {
      expect(line).toBe('A thread of the server ended: process.exit(3) was called. (THREAD_DIED)')
    }
    expect(lines[5]).toMatch(/^The server has ended: /)
    expect(code).toBe(1)
  })

  testWithProgram('curl', 'at a request is told, and serve goes on', async () => {
    const server = startH2lab(args('dying.mjs'))
    await server.printed('listening on ')
    const url = /listening on (\S+)\n/.exec(server.stdout)![1]!
    await curl('--http2-prior-knowledge', `${url}exits`).catch(() => {})
    await server.printed('process.exit(3) was called')
    expect(await curl('--http2-prior-knowledge', url)).toMatch(/^\d+$/)
    server.process.kill('SIGTERM')
    expect(await server.ended).toMatchObject({ code: 0 })
  })
})
