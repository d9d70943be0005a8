import { expect, test } from 'vitest'
import { type FrameClient, frameClient } from '../../clients/frame-client'
import { dataFrame, headersFrames, requestFields, windowUpdateFrame } from '../../clients/frames'
import type { ServerStarter } from '../../server-starter'
import { HONEST_CLIENTS_APP } from './app'
import { expectServing, streamIds } from './requests'

/** The default of `maxConcurrentStreams`. */
const MAX_CONCURRENT_STREAMS = 128

/**
 * Clients that have not received the server's SETTINGS may open more streams than it allows. The excess is refused so
 * that the client can retry, RFC 9113 section 8.7, and the connection stays open.
 */
export function describeFirstFlight({ start }: ServerStarter): void {
  test('of 385 POST requests at once, whose bodies come last, those within the limit are served', async () => {
    const { url } = await start({ app: HONEST_CLIENTS_APP })
    const client = await frameClient(url)
    const streams = streamIds(385)
    const fields = requestFields(url, 'POST')
    void client.send(
      ...streams.map((id) => headersFrames(id, fields, 'open')),
      ...streams.map((id) => dataFrame(id, BODY, true)),
    )
    await client.until(() => client.ended === streams.length)
    expectFirstServed(client, streams)
    await expectServing(client)
  })

  test('of 1,500 GET requests at once, whose responses wait, those within the limit are served', async () => {
    const { url } = await start({ app: HONEST_CLIENTS_APP })
    const client = await frameClient(url, { settings: { INITIAL_WINDOW_SIZE: 0 } })
    const streams = streamIds(1500)
    const fields = requestFields(url)
    void client.send(...streams.map((id) => headersFrames(id, fields)))
    await client.until(() => client.outcomes.size === streams.length)
    const waiting = streams.filter((id) => client.outcomes.get(id)!.end === 'open')
    void client.send(...waiting.map((id) => windowUpdateFrame(id, 100)))
    await client.until(() => client.ended === streams.length)
    expectFirstServed(client, streams)
    await expectServing(client)
  })
}

const BODY = new Uint8Array(100)

function expectFirstServed(client: FrameClient, streams: readonly number[]): void {
  const ends = streams.map((id) => {
    const { status, end } = client.outcomes.get(id)!
    return end === 'complete' ? status : end
  })
  expect(ends).toEqual([
    ...Array(MAX_CONCURRENT_STREAMS).fill(200),
    ...Array(streams.length - MAX_CONCURRENT_STREAMS).fill('REFUSED_STREAM'),
  ])
}
