import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { describe, expect, onTestFinished, test } from 'vitest'
import { requestWithNode } from '../../../test-support/clients/node-client'
import { rawClient } from '../../../test-support/clients/raw-client'
import { eventually } from '../../../test-support/eventually'
import { endServer, none, type ServerHandle, serveBlocking } from '../src'

interface Listening {
  readonly url: string
  readonly handle: ServerHandle
}

/** A thread that serves and blocks, and what it has told. */
async function blockedThread(method: string) {
  const worker = new Worker(new URL('./support/blocking-server.mjs', import.meta.url), {
    workerData: { method, protocol: 'http2' },
  })
  onTestFinished(() => void worker.terminate())
  const told: { kind: string; code?: string }[] = []
  const [listening] = (await once(worker, 'message')) as [Listening]
  worker.on('message', (message) => told.push(message))
  return { ...listening, told, exited: once(worker, 'exit') }
}

describe.each(['none', 'thread'])('serveBlocking with %s', (method) => {
  test.each(['drain', 'kill'] as const)('serves until another thread says %s', async (how) => {
    const { url, handle, told, exited } = await blockedThread(method)
    expect(await requestWithNode(url)).toMatchObject([{ status: 200 }])
    endServer(handle, how)
    await exited
    expect(told).toEqual([{ kind: 'ended' }])
  })

  test('tells of faults while it blocks', async () => {
    const { url, handle, told, exited } = await blockedThread(method)
    const client = await rawClient(url)
    client.send('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
    await eventually(() =>
      expect(told).toEqual([{ kind: 'fault', code: 'CLIENT_PREFACE_MISMATCH' }]),
    )
    endServer(handle, 'kill')
    await exited
  })
})

test('serveBlocking leaves nothing behind if onListening throws', async () => {
  const app = { module: new URL('./support/app.mjs', import.meta.url) }
  const refused = serveBlocking(none, {
    app,
    protocol: 'http2',
    onListening() {
      throw new Error('not today')
    },
  })
  await expect(refused).rejects.toThrow('not today')
})
