import {
  ClientPrefaceMismatchError,
  ConnectionError,
  type ConnectionLimits,
} from '@h2lab/mini-http2'
import type { OctetVector } from '@h2lab/octets'
import { nghttp2 } from './library'

/*
 * The errors that end a connection of the protocol `nghttp2`, except those that nghttp2 sends itself.
 */

type Limits = Required<ConnectionLimits>

/** NGHTTP2_ERR_BAD_CLIENT_MAGIC: the input doesn't begin with the client preface. */
const BAD_CLIENT_MAGIC = -903
/** NGHTTP2_ERR_FLOODED: too many acknowledgements are waiting to be sent. */
const FLOODED = -904

/**
 * @param code what `nghttp2_session_mem_recv` returned
 * @param octets its input
 */
export function receiveError(code: number, octets: OctetVector): ConnectionError {
  if (code === BAD_CLIENT_MAGIC) return new ClientPrefaceMismatchError(octets)
  const name = code === FLOODED ? 'ENHANCE_YOUR_CALM' : 'INTERNAL_ERROR'
  return new ConnectionError(
    name,
    `nghttp2 gives the connection up: ${nghttp2().nghttp2_strerror(code)}.`,
  )
}

export function prefaceError({ prefaceTimeout }: Limits): ConnectionError {
  return new ConnectionError(
    'PROTOCOL_ERROR',
    `The client preface did not arrive within ${prefaceTimeout} ms.`,
  )
}

export function settingsError({ settingsTimeout }: Limits): ConnectionError {
  return new ConnectionError(
    'SETTINGS_TIMEOUT',
    `The client has not acknowledged SETTINGS within ${settingsTimeout} ms (RFC 9113 section 6.5.3).`,
  )
}

export function headerBlockError({ headerBlockTimeout }: Limits): ConnectionError {
  return new ConnectionError(
    'ENHANCE_YOUR_CALM',
    `A header block was not complete within ${headerBlockTimeout} ms.`,
  )
}

export function stalledError({ stalledResponseTimeout }: Limits): ConnectionError {
  return new ConnectionError(
    'ENHANCE_YOUR_CALM',
    `Nothing moved for ${stalledResponseTimeout} ms while responses waited.`,
  )
}

export function keepAliveError({ keepAlive, keepAliveTimeout }: Limits): ConnectionError {
  return new ConnectionError(
    'NO_ERROR',
    `The client sent nothing for ${keepAlive} ms, nor within ${keepAliveTimeout} ms after a PING.`,
    'KEEP_ALIVE_TIMEOUT',
  )
}

export function idleFramesError(limits: Limits): ConnectionError {
  const { idleFrameBurst, idleFramesPerSecond } = limits
  return new ConnectionError(
    'ENHANCE_YOUR_CALM',
    `More than ${idleFrameBurst} frames without effect were received at once, ` +
      `or ${idleFramesPerSecond} a second.`,
  )
}

export function resetsError({ resetBurst, resetsPerSecond }: Limits): ConnectionError {
  return new ConnectionError(
    'ENHANCE_YOUR_CALM',
    `More than ${resetBurst} streams were reset at once, or ${resetsPerSecond} a second.`,
  )
}
