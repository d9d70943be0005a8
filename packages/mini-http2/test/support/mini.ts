import { concatenate, type OctetVector } from '@h2lab/octets'
import { type ConnectionLimits, type PrebuiltResponse, prebuildResponse } from '../../src'
import { MiniConnection } from '../../src/protocol'
import { exchange, type Outcome, takeAll } from './exchange'
import { CLIENT_OPENING } from './requests'

/** A response in two frames, HEADERS and DATA. */
export const HELLO: PrebuiltResponse = prebuildResponse({ body: 'Hello World\n' })

/**
 * Passes input to a {@link MiniConnection} with {@link HELLO}. Checks that the result doesn't
 * depend on how it is split.
 */
export function miniExchange(...input: readonly OctetVector[]): Outcome {
  return exchange(() => new MiniConnection(HELLO), ...input)
}

/** A connection that has received the client's opening, and whose response to it was taken. */
export function openedMini(
  response: PrebuiltResponse = HELLO,
  limits: ConnectionLimits = {},
): MiniConnection {
  const connection = new MiniConnection(response, limits)
  connection.receive(CLIENT_OPENING)
  takeAll(connection)
  return connection
}

/** The octets of a prebuilt response on a stream. */
export function responseOn(streamId: number, response: PrebuiltResponse = HELLO): OctetVector {
  return concatenate(
    ...response.parts.map(({ octets, frameOffsets }) => {
      const copy = octets.slice()
      for (const offset of frameOffsets) new DataView(copy.buffer).setUint32(offset + 5, streamId)
      return copy
    }),
  )
}
