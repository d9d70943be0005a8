import { execFile, fork } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { devTls } from '@h2lab/tls-context'
import { describe, expect, onTestFinished, test } from 'vitest'
import { testWithProgram } from '../../../../../test-support/programs'
import { checkAnswer } from '../../../src/answer-check/check-answer'
import { h2load } from '../../../src/generators/h2load/h2load'
import { NODE_PEERS, toTarget } from '../../../src/peers/node/node-peers'
import type { FromServerProcess, ToServerProcess } from '../../../src/server-process/messages'
import type { RunningTarget, Target } from '../../../src/targets/target'
import { allGone, descendantsOf, HAS_PROC } from '../../support/processes'

const PROCESS = fileURLToPath(new URL('../../../dist/node-peer-process.js', import.meta.url))

const tlsOf = async (transport: string) => (transport === 'TLS' ? await devTls() : undefined)

/** Starts a peer; it is gone when the test has finished. */
async function started(peer: Target, transport: string): Promise<RunningTarget> {
  const server = await peer.start({ tls: await tlsOf(transport) })
  onTestFinished(() => server.stop())
  return server
}

/** What curl prints of a response's head and body. */
async function curl(url: string, ...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('curl', ['-sSik', ...args, url])
  return stdout
}

describe.each(NODE_PEERS.map((peer) => [peer.name, peer] as const))('%s', (name, peer) => {
  const { httpVersion } = peer
  const other = httpVersion === 'h2' ? 'http/1.1' : 'h2'

  test('is available, and tells the versions of what it runs on', async () => {
    expect(await peer.availability()).toEqual({
      state: 'available',
      version: expect.stringMatching(`Node ${process.versions.node}$`),
    })
  })

  for (const transport of ['TLS', 'plain TCP']) {
    test(`answers in ${httpVersion} through ${transport} as all servers do`, async () => {
      const { url } = await started(peer, transport)
      expect(new URL(url).protocol).toBe(transport === 'TLS' ? 'https:' : 'http:')
      await checkAnswer(url, httpVersion)
    })

    test(`does not answer in ${other} through ${transport}`, async () => {
      const { url } = await started(peer, transport)
      await expect(checkAnswer(url, other)).rejects.toMatchObject({ code: 'WRONG_ANSWER' })
    })

    testWithProgram('curl', `sends text in UTF-8 through ${transport}, and 404`, async () => {
      const { url } = await started(peer, transport)
      const version = httpVersion === 'h2' ? '--http2-prior-knowledge' : '--http1.1'
      const [head] = (await curl(url, version)).split('\r\n\r\n')
      // RFC 9110 section 8.3: neither the case of a charset nor the space before it says anything.
      expect(head!.toLowerCase()).toMatch(/content-type: text\/plain; ?charset=utf-8/)
      expect(await curl(`${url}nothing-here`, version)).toMatch(/^HTTP\/[\d.]+ 404/)
    })
  }

  for (const [transport, clients, streams] of [
    ['TLS', 5, 100],
    ['TLS', 1, 1000],
    ['plain TCP', 5, 100],
  ] as const) {
    testWithProgram(
      'h2load',
      `serves ${clients} x ${streams} requests at once through ${transport}, and none fails`,
      async () => {
        const { url } = await started(peer, transport)
        const load = { url, httpVersion, clients, streams, duration: 0.5, warmup: 0.2 }
        const events = { measureStart: async () => {}, measureEnd: async () => {} }
        const { requests } = await h2load.run(load, events)
        expect(requests).toMatchObject({ failed: 0, errored: 0, timedOut: 0 })
        expect(requests.succeeded).toBeGreaterThan(0)
      },
    )
  }

  test('tells what its process has used', async () => {
    const server = await started(peer, 'plain TCP')
    const usage = await server.usage()
    expect(usage?.cpu).toBeGreaterThan(0)
    expect(usage?.peakMemory).toBeGreaterThan(2 ** 20)
  })

  test('ends by itself when it is told to, also with a client that stays', async () => {
    const child = fork(PROCESS, { stdio: ['ignore', 'ignore', 'pipe', 'ipc'], execArgv: [] })
    onTestFinished(() => void child.kill('SIGKILL'))
    let errors = ''
    child.stderr?.on('data', (text: Buffer) => {
      errors += text.toString()
    })
    const tell = (message: ToServerProcess) => child.send(message)
    tell({ type: 'start', setup: { name, tls: undefined } })
    const [message] = (await once(child, 'message')) as [FromServerProcess]
    if (message.type !== 'listening') throw new Error(`it said ${JSON.stringify(message)}`)
    const socket = connect(Number(new URL(message.url).port), '127.0.0.1')
    // It may be told by a reset.
    socket.on('error', () => {})
    const socketClosed = new Promise((resolve) => socket.once('close', resolve))
    socket.resume()
    onTestFinished(() => void socket.destroy())
    await once(socket, 'connect')
    tell({ type: 'close' })
    const [code, signal] = await once(child, 'close')
    expect({ code, signal, errors }).toEqual({ code: 0, signal: null, errors: '' })
    await socketClosed
  })

  test('leaves no process behind', async () => {
    if (!HAS_PROC) return
    const before = descendantsOf(process.pid).map(({ pid }) => pid)
    const server = await started(peer, 'TLS')
    const children = descendantsOf(process.pid).filter(({ pid }) => !before.includes(pid))
    expect(children).toHaveLength(1)
    await server.stop()
    await server.stop()
    await allGone(children)
  })
})

test('a peer whose packages are missing says which, and how to install it', async () => {
  const target = toTarget({
    name: 'missing',
    title: 'a server that is not there',
    httpVersion: 'h2',
    packages: ['hono', 'no-such-server'],
    create: () => Promise.reject(new Error('it was not to be started')),
  })
  expect(await target.availability()).toEqual({
    state: 'unavailable',
    reason: 'no-such-server is not installed (npm install hono no-such-server)',
  })
})
