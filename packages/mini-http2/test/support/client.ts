import { type OctetVector, toHex } from '@h2lab/octets'
import { ClientConnection, prepareRequest } from '../../src/client'
import type { FieldList } from '../../src/message/fields'
import { takeAll } from './exchange'
import { settingsFrame } from './frames'

const REQUEST = prepareRequest({ authority: 'localhost' })

/** An event of a client. */
export type ClientEvent =
  | readonly ['headers', streamId: number, status: number, fields: FieldList]
  | readonly ['data', streamId: number, digits: string]
  | readonly ['end', streamId: number, status: number]
  | readonly ['reset', streamId: number, errorCode: number]
  | readonly ['malformed', streamId: number, reason: string]
  | readonly ['goaway', lastStreamId: number, errorCode: number]

/** A client connection with all its events, in order. */
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
    onMalformed: (...told) => events.push(['malformed', ...told]),
    onGoaway: (...told) => events.push(['goaway', ...told]),
  })
  return { client, events }
}

/**
 * A client that has received the SETTINGS of a server that doesn't exist.
 *
 * @param requests how many requests it has sent, to which responses may arrive
 */
export function greetedClient(requests = 0): RecordedClient {
  const recorded = recordedClient()
  recorded.client.receive(settingsFrame())
  for (let count = 0; count < requests; count++) recorded.client.send(REQUEST)
  return recorded
}

/** A greeted client whose first output was taken. */
export function openedClient(requests = 0): RecordedClient {
  const recorded = greetedClient(requests)
  takeAll(recorded.client)
  return recorded
}

/** Enough for the streams of all tests. */
const MOST_REQUESTS = 20

/**
 * Passes a server's output to a client that waits for responses on all its streams. The memory of
 * each piece is overwritten after its call.
 */
export function receivedIn(pieces: readonly OctetVector[]): RecordedClient {
  const recorded = greetedClient(MOST_REQUESTS)
  for (const piece of pieces) {
    const borrowed = Buffer.from(piece)
    recorded.client.receive(borrowed)
    borrowed.fill(0xff)
  }
  return recorded
}
