import { type OctetVector, toHex } from '@h2lab/octets'
import { ClientConnection } from '../../src/client'
import type { FieldList } from '../../src/message/fields'

/** Something that a client told its owner. */
export type ClientEvent =
  | readonly ['headers', streamId: number, status: number, fields: FieldList]
  | readonly ['data', streamId: number, digits: string]
  | readonly ['end', streamId: number, status: number]
  | readonly ['reset', streamId: number, errorCode: number]
  | readonly ['goaway', lastStreamId: number, errorCode: number]

/** A client connection, and all that it tells, in order. */
export interface RecordedClient {
  readonly client: ClientConnection
  readonly events: ClientEvent[]
}

export function recordedClient(): RecordedClient {
  const events: ClientEvent[] = []
  const client = new ClientConnection({
    onHeaders: (...told) => events.push(['headers', ...told]),
    onData: (streamId, octets) => events.push(['data', streamId, toHex(octets)]),
    onEnd: (...told) => events.push(['end', ...told]),
    onReset: (...told) => events.push(['reset', ...told]),
    onGoaway: (...told) => events.push(['goaway', ...told]),
  })
  return { client, events }
}

/** Gives a server's octets to a client, in pieces that are used again after each call. */
export function receivedIn(pieces: readonly OctetVector[]): RecordedClient {
  const recorded = recordedClient()
  for (const piece of pieces) {
    const borrowed = Buffer.from(piece)
    recorded.client.receive(borrowed)
    borrowed.fill(0xff)
  }
  return recorded
}
