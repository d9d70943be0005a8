import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { makeSettingsFrame } from '@h2lab/mini-http2'
import { describe, expect, test } from 'vitest'
import { type FrameClient, frameClient } from '../../clients/frame-client'
import { headersFrames, pingFrame, requestFields } from '../../clients/frames'
import { requestWithNode } from '../../clients/node-client'
import { eventually } from '../../eventually'
import { quiet } from '../../quiet'
import type { ServerStarter } from '../../server-starter'
import { HONEST_CLIENTS_APP } from './app'
import { streamIds } from './requests'

const MEBIBYTE = 2 ** 20
const DOWNLOAD = 100 * MEBIBYTE

/** Octets of one upload: they fit the window of a stream, and several the connection's. */
const UPLOAD = 256_153

/** A stream later than those of the uploads. */
const DOWNLOAD_STREAM = 101

const LARGEST_WINDOW = 2 ** 31 - 1

/**
 * RFC 9113 section 5.2.2: an endpoint reads what arrives even while the other side takes nothing, or both
 * could wait for each other for ever. For dispatch methods whose handlers can wait for a body.
 */
export function describeReadingWhileStuck({ name, start }: ServerStarter): void {
  describe(`a client of ${name} that does not read its response`, () => {
    test.each([1, 4])(
      'sends %i uploads that fit the windows, and the handler gets all of them',
      async (count) => {
        const { url } = await start({ app: HONEST_CLIENTS_APP })
        const names = Array.from({ length: count }, () => randomUUID())
        const client = await frameClient(url, WIDE_WINDOWS)
        await client.until(() => client.windowOf(1) >= UPLOAD)
        for (const [index, name] of names.entries()) {
          const fields = requestFields(url, 'POST', `/read?name=${name}`)
          void client.send(headersFrames(3 + 2 * index, fields, 'open'))
        }
        await eventually(async () =>
          expect(await uploaded(url, names)).toEqual(Array(count).fill(0)),
        )
        await getStuck(client)
        await Promise.all(names.map((_, index) => client.sendBody(3 + 2 * index, UPLOAD, 16_384)))
        await eventually(async () => {
          expect(await uploaded(url, names)).toEqual(Array(count).fill(UPLOAD))
        })
        client.socket.resume()
        expect(await client.outcome(DOWNLOAD_STREAM)).toMatchObject({
          status: 200,
          length: DOWNLOAD,
        })
      },
    )

    test.each(FLOODS)(
      'makes the server hold a bounded amount by a flood of %s',
      async (_, batch) => {
        const { url } = await start({ app: HONEST_CLIENTS_APP })
        const client = await frameClient(url, WIDE_WINDOWS)
        await getStuck(client)
        const before = process.memoryUsage.rss()
        // The system's buffers hold some MiB, so either the client gets stuck or it is sent away.
        for (let sent = 0; sent < 1000; sent++) {
          const taken = client.send(batch(url, sent)).then(() => true)
          if (!(await Promise.race([taken, sleep(1000, false)]))) break
        }
        await quiet()
        expect(process.memoryUsage.rss() - before).toBeLessThan(80 * MEBIBYTE)
        const [response] = await requestWithNode(url)
        expect(response!.status).toBe(200)
      },
    )
  })
}

/** What makes the server answer something that the client does not read: about 64 KiB in a batch. */
const FLOODS: readonly [string, (url: string, index: number) => Buffer][] = [
  ['PING', () => Buffer.alloc(17 * 4000, pingFrame())],
  ['SETTINGS', () => Buffer.alloc(9 * 8000, makeSettingsFrame({}))],
  [
    'requests',
    (url, index) => {
      const fields = requestFields(url)
      const streams = streamIds(REQUESTS, DOWNLOAD_STREAM + 2 + 2 * REQUESTS * index)
      return Buffer.concat(streams.map((streamId) => headersFrames(streamId, fields)))
    },
  ],
]

/** Of which 64 KiB are made. */
const REQUESTS = 2000

const WIDE_WINDOWS = {
  settings: { INITIAL_WINDOW_SIZE: LARGEST_WINDOW },
  connectionWindow: LARGEST_WINDOW,
}

/** Asks for more than the system's buffers take, and reads no more. */
async function getStuck(client: FrameClient): Promise<void> {
  const fields = requestFields(`${client.url}download?octets=${DOWNLOAD}`)
  void client.send(headersFrames(DOWNLOAD_STREAM, fields))
  client.socket.pause()
  await quiet()
}

/** Octets of uploads that the handler has read. */
async function uploaded(url: string, names: readonly string[]): Promise<number[]> {
  const paths = names.map((name) => ({ ':path': `/uploaded?name=${name}` }))
  return (await requestWithNode(url, paths)).map(({ body }) => Number(body))
}
