import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { makeSettingsFrame } from '@h2lab/mini-http2/frames'
import { describe, expect, test } from 'vitest'
import { type FrameClient, frameClient } from '../../clients/frame-client'
import {
  dataFrame,
  headersFrames,
  pingFrame,
  requestFields,
  windowUpdateFrame,
} from '../../clients/frames'
import { requestWithNode } from '../../clients/node-client'
import { eventually } from '../../eventually'
import { quiet } from '../../quiet'
import { receiveQueue } from '../../receive-queue'
import type { ServerStarter } from '../../server-starter'
import { HONEST_CLIENTS_APP } from './app'
import { streamIds } from './requests'

const MEBIBYTE = 2 ** 20
const DOWNLOAD = 100 * MEBIBYTE

/** In milliseconds. */
const IDLE_TIMEOUT = 2000

/**
 * How much resident memory a client may cost, in octets, including whatever else this process does in the meantime.
 */
const BOUND = 80 * MEBIBYTE

/** The size of an upload, in octets. One fits the window of a stream, and four that of the connection. */
const UPLOAD = 256_153

/** A later stream than those of the uploads. */
const DOWNLOAD_STREAM = 101

/**
 * Clients that do not read their response. An endpoint has to read input even while the peer accepts no output, or
 * both could wait for each other forever (RFC 9113 section 5.2.2). What it buffers stays bounded.
 */
export function describeStuckClients({ start, clients, tls }: ServerStarter): void {
  test('uploads that fit the windows are read while their client reads nothing', async () => {
    const { url, port } = await start({ app: HONEST_CLIENTS_APP })
    const client = await stuckClient(url)
    for (const streamId of streamIds(4, DOWNLOAD_STREAM + 2)) {
      void client.send(headersFrames(streamId, requestFields(url, 'POST', '/reject'), 'open'))
      await client.sendBody(streamId, UPLOAD, 16_384)
    }
    await eventually(() => expect(client.socket.writableLength).toBe(0))
    await eventually(() => expect(receiveQueue(port, client.socket.localPort!)).toBe(0))
    client.socket.resume()
    const response = await client.outcome(DOWNLOAD_STREAM)
    expect(response).toMatchObject({ status: 200, length: DOWNLOAD, end: 'complete' })
  })

  test('a client that reads slowly, and sends meanwhile, counts as heard', async () => {
    const { url, faults } = await start({
      app: HONEST_CLIENTS_APP,
      limits: { idleTimeout: IDLE_TIMEOUT },
    })
    const client = await stuckClient(url)
    const until = performance.now() + 1.5 * IDLE_TIMEOUT
    while (performance.now() < until) {
      client.socket.resume()
      await once(client.socket, 'data')
      client.socket.pause()
      void client.send(windowUpdateFrame(0, 1))
      await sleep(100)
    }
    client.socket.resume()
    expect(await client.outcome(DOWNLOAD_STREAM)).toMatchObject({ length: DOWNLOAD })
    // Blocking servers check the time after this much silence.
    await sleep(IDLE_TIMEOUT / 4)
    void client.send(headersFrames(DOWNLOAD_STREAM + 2, requestFields(url)))
    expect(await client.outcome(DOWNLOAD_STREAM + 2)).toMatchObject({ status: 200 })
    expect(faults).toEqual([])
  })

  // The protocol enforces the bounds, with or without TLS.
  if (tls) return

  test.each(FLOODS)(
    'a client that reads nothing makes the server hold a bounded amount by a flood of %s',
    async (_, makeFlood) => {
      const { url, port } = await start({ app: HONEST_CLIENTS_APP })
      const client = await stuckClient(url)
      const { batch, renew } = makeFlood(url)
      const before = process.memoryUsage.rss()
      // Twice the bound. Either the client gets stuck because the system's buffers are full, or it is disconnected.
      for (let sent = 0; sent < (2 * BOUND) / batch.length; sent++) {
        renew(sent)
        if (!(await isTaken(client, port, batch))) break
      }
      await quiet()
      expect(process.memoryUsage.rss() - before).toBeLessThan(BOUND)
      if (clients === 'one') client.socket.destroy()
      const [response] = await requestWithNode(url)
      expect(response!.status).toBe(200)
    },
  )
}

/** The same for handlers that read uploads, of dispatch methods that support promises. */
export function describeHandlersOfStuckClients({ name, start }: ServerStarter): void {
  describe(`a client of ${name} that does not read its response`, () => {
    test.each([1, 4])(
      'sends %i uploads that fit the windows, and the handler gets all of them',
      async (count) => {
        const { url } = await start({ app: HONEST_CLIENTS_APP })
        const client = await frameClient(url, WIDE_WINDOWS)
        await client.until(() => client.windowOf(1) >= UPLOAD)
        const names = Array.from({ length: count }, () => randomUUID())
        const uploads = names.map((upload, index) => ({ upload, streamId: 1 + 2 * index }))
        for (const { upload, streamId } of uploads) {
          const fields = requestFields(url, 'POST', `/read?name=${upload}`)
          void client.send(headersFrames(streamId, fields, 'open'))
        }
        await eventually(async () => {
          expect(await uploaded(url, names)).toEqual(Array(count).fill(0))
        })
        await getStuck(client)
        for (const { streamId } of uploads) await client.sendBody(streamId, UPLOAD, 16_384)
        await eventually(async () => {
          expect(await uploaded(url, names)).toEqual(Array(count).fill(UPLOAD))
        })
      },
    )
  })
}

/** Frames that are sent repeatedly from the same memory, so that only the server's memory is measured. */
interface Flood {
  readonly batch: Buffer
  /** Updates the batch to the one after `sent` batches. */
  renew(sent: number): void
}

/** What a client that reads nothing keeps sending. */
const FLOODS: readonly [string, (url: string) => Flood][] = [
  ['PING', () => ({ batch: Buffer.alloc(68_000, pingFrame()), renew: () => {} })],
  ['SETTINGS', () => ({ batch: Buffer.alloc(72_000, makeSettingsFrame({})), renew: () => {} })],
  ['requests', (url) => floodOfStreams(headersFrames(1, requestFields(url)), 2000)],
  [
    'uploads that do not wait for the windows',
    (url) => {
      const head = headersFrames(1, requestFields(url, 'POST', '/wait'), 'open')
      const part = dataFrame(1, new Uint8Array(16_384), false)
      return floodOfStreams(Buffer.concat([head, ...Array<Buffer>(15).fill(part)]), 1)
    },
  ],
]

/** Each batch contains the frames of a stream for `count` new streams. */
function floodOfStreams(frames: Buffer, count: number): Flood {
  const batch = Buffer.alloc(frames.length * count, frames)
  const renew = (sent: number) => {
    const firstStreamId = DOWNLOAD_STREAM + 2 + 2 * count * sent
    for (let frame = 0; frame < batch.length; frame += 9 + batch.readUIntBE(frame, 3)) {
      batch.writeUInt32BE(firstStreamId + 2 * Math.floor(frame / frames.length), frame + 5)
    }
  }
  return { batch, renew }
}

/** Whether a batch was sent or the connection is gone. If not, the server has stopped reading. */
async function isTaken(client: FrameClient, port: number, batch: Buffer): Promise<boolean> {
  let taken = false
  const sending = client.send(batch).then(() => {
    taken = true
  })
  for (;;) {
    await Promise.race([sending, sleep(500)])
    if (taken) return true
    // The server may just be slow.
    await quiet()
    if (!taken && receiveQueue(port, client.socket.localPort!) > 0) return false
  }
}

const LARGEST_WINDOW = 2 ** 31 - 1

const WIDE_WINDOWS = {
  settings: { INITIAL_WINDOW_SIZE: LARGEST_WINDOW },
  connectionWindow: LARGEST_WINDOW,
}

/** A client that knows the server's windows and is stuck in its response. */
async function stuckClient(url: string): Promise<FrameClient> {
  const client = await frameClient(url, WIDE_WINDOWS)
  await client.until(() => client.windowOf(1) >= UPLOAD)
  await getStuck(client)
  return client
}

/** Requests more than the system's buffers hold and stops reading. */
async function getStuck(client: FrameClient): Promise<void> {
  const fields = requestFields(`${client.url}download?octets=${DOWNLOAD}`)
  void client.send(headersFrames(DOWNLOAD_STREAM, fields))
  client.socket.pause()
  await quiet()
}

/** How many octets of uploads the handler has read. */
async function uploaded(url: string, names: readonly string[]): Promise<number[]> {
  const paths = names.map((name) => ({ ':path': `/uploaded?name=${name}` }))
  return (await requestWithNode(url, paths)).map(({ body }) => Number(body))
}
