import { OutputBuffer } from '@h2lab/octets'
import {
  CLIENT_PREFACE,
  FrameType,
  makeFrame,
  makeSettingsFrame,
  SETTINGS_ACK_FRAME,
} from '../dist/frames.js'
import { Encoder } from '../dist/hpack.js'

/*
 * The client of the benchmarks without sockets. Its output is created before the measurement.
 */

const FIELDS = [
  [':method', 'GET'],
  [':scheme', 'https'],
  [':path', '/'],
  [':authority', 'localhost:8443'],
  ['user-agent', 'h2load nghttp2/1.52.0'],
]

/**
 * Creates the opening of a client with one request, and a batch of further requests.
 *
 * @param streams requests in the batch
 * @returns the octets of both, and the number of octets for each request of the batch
 */
export function conversation(streams) {
  const encoder = new Encoder()
  const block = () => {
    const output = new OutputBuffer()
    encoder.encode(output, FIELDS)
    return output.take()
  }
  const first = makeFrame(FrameType.HEADERS, 0x05, 1, block())
  const later = makeFrame(FrameType.HEADERS, 0x05, 1, block())
  const opening = Buffer.concat([
    CLIENT_PREFACE,
    makeSettingsFrame({ INITIAL_WINDOW_SIZE: 2 ** 30 }),
    SETTINGS_ACK_FRAME,
    makeFrame(FrameType.WINDOW_UPDATE, 0, 0, Uint8Array.of(0x3f, 0, 0, 0)),
    first,
  ])
  const batch = Buffer.concat(Array.from({ length: streams }, () => later))
  return { opening, batch, frameLength: later.length }
}

/**
 * Writes stream identifiers into a batch.
 *
 * @returns the first identifier of the next batch
 */
export function numberStreams({ batch, frameLength }, firstStreamId) {
  let streamId = firstStreamId
  for (let at = 5; at < batch.length; at += frameLength) {
    batch.writeUInt32BE(streamId, at)
    streamId += 2
  }
  return streamId
}
