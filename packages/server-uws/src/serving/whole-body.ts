import type { UwsHttpResponse } from '../library/uws-library'

/** The longest body that counts as small. At most 256 KiB of small bodies are buffered between two checks. */
const SMALL_BODY = 16_384

/** How many small bodies are sent for each check whether the client keeps up. */
const BODIES_PER_LOOK = 16

let sinceLook = 0

/**
 * Sends a whole body with `content-length`.
 *
 * With `end`, the library buffers without limit what a client does not read. With `tryEnd` it buffers nothing, but
 * allocates an array for the result, which costs a fifth of a trivial request. So small bodies are sent with `end`,
 * and every 16th with `tryEnd`, which detects a client that pipelines and does not read.
 *
 * @returns what the socket has not accepted; undefined if the response is complete
 */
export function sendWholeBody(socket: UwsHttpResponse, octets: Uint8Array): Uint8Array | undefined {
  sinceLook += 1
  if (octets.length === 0 || (octets.length <= SMALL_BODY && sinceLook < BODIES_PER_LOOK)) {
    socket.end(octets)
    return undefined
  }
  sinceLook = 0
  const [, done] = socket.tryEnd(octets, octets.length)
  return done ? undefined : octets.subarray(socket.getWriteOffset())
}
