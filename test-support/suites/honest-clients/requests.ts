import { expect } from 'vitest'
import type { FrameClient } from '../../clients/frame-client'
import { headersFrames, requestFields, windowUpdateFrame } from '../../clients/frames'

/** The identifiers of a client's streams: odd ones, RFC 9113 section 5.1.1. */
export function streamIds(count: number, first = 1): number[] {
  return Array.from({ length: count }, (_, index) => first + 2 * index)
}

/** Expects that the connection still answers a request. */
export async function expectServing(client: FrameClient): Promise<void> {
  const streamId = Math.max(...client.outcomes.keys(), -1) + 2
  const fields = requestFields(client.url)
  void client.send(headersFrames(streamId, fields), windowUpdateFrame(streamId, 100))
  expect(await client.outcome(streamId)).toMatchObject({ status: 200, end: 'complete' })
}
