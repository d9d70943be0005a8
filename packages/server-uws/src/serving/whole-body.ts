import type { UwsHttpResponse } from '../library/uws-library'

/**
 * Bodies of at most so many octets are small: what waits of as many as come before the next look is
 * 256 KiB at most.
 */
const SMALL_BODY = 16_384

/** How many small bodies are sent with one look at whether the client keeps up. */
const BODIES_PER_LOOK = 16

let sinceLook = 0

/**
 * Sends a whole body with its `content-length`.
 *
 * The library keeps without bound what a client doesn't read if it is sent by `end`, and nothing if it is
 * sent by `tryEnd`, which makes an array for its result and costs a fifth of a trivial request more.
 * So small bodies go by `end`, and every 16th by `tryEnd`: a client that pipelines and doesn't
 * read is found out by that.
 *
 * @returns what the socket hasn't taken; undefined if the response is complete
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
