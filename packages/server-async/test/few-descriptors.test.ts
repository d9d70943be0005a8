import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:http2'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import { requestWithNode } from '../../../test-support/clients/node-client'
import { tcpSocket } from '../../../test-support/clients/raw-client'
import { eventually } from '../../../test-support/eventually'

const PROGRAM = fileURLToPath(new URL('./programs/few-descriptors-server.mjs', import.meta.url))

/** The limit of the server's process, and how many clients connect: more than it allows. */
const DESCRIPTORS = 64
const CLIENTS = 100

describe.each(['asyncSockets', 'asyncCustom', 'nodeHttp2'])('%s without descriptors', (method) => {
  test('says so, serves the clients that it has without spinning, and recovers', async () => {
    const { process: server, url } = await startServer(method)
    const early = connect(url)
    onTestFinished(() => early.destroy())
    await once(early, 'remoteSettings')
    const sockets = await Promise.all(Array.from({ length: CLIENTS }, () => tcpSocket(url)))
    await eventually(async () => expect((await state(server)).codes).toContain('EMFILE'))
    const [fields] = (await once(early.request(), 'response')) as [Record<string, unknown>]
    expect(fields[':status']).toBe(200)
    const before = await state(server)
    await sleep(1000)
    const after = await state(server)
    // A server that spins takes all of this time, whatever else the machine does.
    expect(after.cpu - before.cpu).toBeLessThan(500_000)
    expect(after.codes.length - before.codes.length).toBeLessThanOrEqual(20)
    for (const socket of sockets) socket.destroy()
    await eventually(async () => {
      expect(await requestWithNode(url)).toMatchObject([{ status: 200 }])
    })
  })
})

interface State {
  readonly codes: readonly string[]
  /** In microseconds. */
  readonly cpu: number
}

async function startServer(method: string): Promise<{ process: ChildProcess; url: string }> {
  const limited = `ulimit -n ${DESCRIPTORS} && exec "$0" "$@"`
  const server = spawn('sh', ['-c', limited, process.execPath, PROGRAM, method], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  onTestFinished(() => void server.kill('SIGKILL'))
  const [url] = (await once(server, 'message')) as [string]
  return { process: server, url }
}

async function state(server: ChildProcess): Promise<State> {
  const answered = once(server, 'message') as Promise<[State]>
  server.send('state')
  const [answer] = await answered
  return answer
}
