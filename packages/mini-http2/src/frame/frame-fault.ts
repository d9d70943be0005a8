import type { ErrorCodeName } from './error-code'

/**
 * What is wrong with a frame, and how far it reaches: a fault of scope `stream` ends the frame's
 * stream (RFC 9113 section 5.4.2), one of scope `connection` ends all (section 5.4.1).
 */
export interface FrameFault {
  readonly scope: 'connection' | 'stream'
  readonly code: ErrorCodeName
  /** What was wrong and what would be right, with the RFC's section. */
  readonly message: string
}

export function connectionFault(code: ErrorCodeName, message: string): FrameFault {
  return { scope: 'connection', code, message }
}

export function streamFault(code: ErrorCodeName, message: string): FrameFault {
  return { scope: 'stream', code, message }
}

/** The fault of a frame that is larger than its receiver allows, in octets of payload. */
export function tooLarge(size: number, maxFrameSize: number): FrameFault {
  return connectionFault(
    'FRAME_SIZE_ERROR',
    `A frame's payload has ${size} octets, but at most ${maxFrameSize} are allowed (RFC 9113 section 4.2).`,
  )
}

/** The fault of a frame on stream 0 that has to be on one of the client's streams. */
export function needsStream(type: string, section: string): FrameFault {
  return connectionFault(
    'PROTOCOL_ERROR',
    `A ${type} frame belongs to a stream, but its stream identifier is 0 (RFC 9113 section ${section}).`,
  )
}

/** The fault of a frame on a stream that has to be on stream 0. */
export function needsStreamZero(type: string, streamId: number, section: string): FrameFault {
  return connectionFault(
    'PROTOCOL_ERROR',
    `A ${type} frame belongs to the connection, but its stream identifier is ${streamId} (${section}).`,
  )
}

/** The fault of a frame whose payload does not have the length that its type requires. */
export function wrongSize(
  type: string,
  size: number,
  right: string,
  scope: FrameFault['scope'] = 'connection',
): FrameFault {
  return {
    scope,
    code: 'FRAME_SIZE_ERROR',
    message: `A ${type} frame's payload has ${size} octets, but it has to have ${right}.`,
  }
}
