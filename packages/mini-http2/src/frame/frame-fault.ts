import type { ErrorCodeName } from './error-code'

/**
 * A fault in a frame, and its scope: `stream` for a stream error (RFC 9113 section 5.4.2),
 * `connection` for a connection error (section 5.4.1).
 */
export interface FrameFault {
  readonly scope: 'connection' | 'stream'
  readonly code: ErrorCodeName
  /** What is wrong and what would be right, with the section of the RFC. */
  readonly message: string
}

export function connectionFault(code: ErrorCodeName, message: string): FrameFault {
  return { scope: 'connection', code, message }
}

export function streamFault(code: ErrorCodeName, message: string): FrameFault {
  return { scope: 'stream', code, message }
}

/** The fault of a frame with a payload larger than its receiver allows, in octets. */
export function tooLarge(size: number, maxFrameSize: number): FrameFault {
  return connectionFault(
    'FRAME_SIZE_ERROR',
    `A frame's payload has ${size} octets, but at most ${maxFrameSize} are allowed (RFC 9113 section 4.2).`,
  )
}

/** The fault of a frame on stream 0 that requires one of the client's streams. */
export function needsStream(type: string, section: string): FrameFault {
  return connectionFault(
    'PROTOCOL_ERROR',
    `A ${type} frame belongs to a stream, but its stream identifier is 0 (RFC 9113 section ${section}).`,
  )
}

/** The fault of a frame on a stream that requires stream 0. */
export function needsStreamZero(type: string, streamId: number, section: string): FrameFault {
  return connectionFault(
    'PROTOCOL_ERROR',
    `A ${type} frame belongs to the connection, but its stream identifier is ${streamId} (${section}).`,
  )
}

/** The fault of a frame whose payload has the wrong length for its type. */
export function wrongSize(
  type: string,
  size: number,
  right: string,
  scope: FrameFault['scope'] = 'connection',
): FrameFault {
  return {
    scope,
    code: 'FRAME_SIZE_ERROR',
    message: `A ${type} frame's payload has ${size} octets, but must have ${right}.`,
  }
}
