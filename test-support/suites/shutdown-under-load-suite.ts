import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { MAX_STREAM_ID } from '@h2lab/mini-http2/frames'
import { describe, expect, test } from 'vitest'
import { type FrameClient, frameClient } from '../clients/frame-client'
import { headersFrames, requestFields, windowUpdateFrame } from '../clients/frames'
import { loadUntilGoaway } from '../clients/goaway-client'
import { requestWithNode } from '../clients/node-client'
import type { ServerStarter } from '../server-starter'
import { temporaryFolder } from '../temporary-folder'
import { streamIds } from './honest-clients/requests'

const APP = { module: new URL('../apps/noting.mjs', import.meta.url) }

/** Requests under way on each connection. */
const STREAMS = 100
const BODY_LENGTH = 10_000
/** Longer than a test takes, in milliseconds. */
const GRACE = 60_000

/**
 * A server that ends while its clients make requests, RFC 9113 section 6.8: what was begun is delivered whole, the rest is
 * refused so that the client may send it elsewhere, and nothing is done twice. For implementations of HTTP/2 with handlers.
 */
export function describeShutdownUnderLoad({ name, start, clients }: ServerStarter): void {
  const connections = clients === 'one' ? 1 : 10

  describe(`${name}, ended under load,`, () => {
    test(`delivers ${connections * STREAMS} responses that were begun on ${connections} connections`, async () => {
      const server = await start({ app: APP })
      const all = await Promise.all(
        Array.from({ length: connections }, () => connectionWithOpenResponses(server.url)),
      )
      const ended = server.close({ graceMs: GRACE })
      await Promise.all(all.map((client) => client.until(() => client.goaway !== undefined)))
      const ids = streamIds(STREAMS)
      const windows = ids.map((streamId) => windowUpdateFrame(streamId, BODY_LENGTH))
      await Promise.all(all.map((client) => client.send(...windows)))
      await Promise.all(all.map(({ closed }) => closed))
      for (const client of all) {
        expect(client.lastStreamIds).toEqual([MAX_STREAM_ID, ids.at(-1)])
        expect(client.goaway).toBe('NO_ERROR')
        for (const streamId of ids) {
          const outcome = client.outcomes.get(streamId)
          expect(outcome).toMatchObject({ status: 200, length: BODY_LENGTH, end: 'complete' })
          expect(outcome!.body.endsWith(`./${streamId}`)).toBe(true)
        }
      }
      await ended
      expect(server.faults).toEqual([])
    })

    test('loses no request of clients that go on, and does none of them twice', async () => {
      const server = await start({ app: APP })
      const other = await start({ app: APP })
      const file = join(await temporaryFolder(), 'paths')
      const load = await loadUntilGoaway(server.url, connections, file)
      const ended = server.close({ graceMs: GRACE })
      const fates = await load.fates
      await ended
      for (const { answered, refused, broken } of fates) {
        expect(broken).toEqual([])
        expect(answered).not.toEqual([])
        expect(refused).not.toEqual([])
      }
      const refused = fates.flatMap((one) => one.refused)
      for (let from = 0; from < refused.length; from += STREAMS) {
        const requests = refused
          .slice(from, from + STREAMS)
          .map((path) => ({ ':path': `${path}?${file}` }))
        for (const { status } of await requestWithNode(other.url, requests)) {
          expect(status).toBe(200)
        }
      }
      const asked = fates.flatMap(({ answered }) => answered).concat(refused)
      expect(notedIn(file).sort()).toEqual(asked.sort())
      expect(server.faults).toEqual([])
    })
  })
}

/** Has the heads of responses whose bodies wait for the client's windows. */
async function connectionWithOpenResponses(url: string): Promise<FrameClient> {
  const client = await frameClient(url, {
    settings: { INITIAL_WINDOW_SIZE: 0 },
    connectionWindow: 2 ** 31 - 1,
  })
  const ids = streamIds(STREAMS)
  void client.send(
    ...ids.map((streamId) => headersFrames(streamId, requestFields(url, 'GET', `/${streamId}`))),
  )
  await client.until(() => ids.every((streamId) => client.outcomes.get(streamId)?.status === 200))
  return client
}

function notedIn(file: string): string[] {
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : []
}
