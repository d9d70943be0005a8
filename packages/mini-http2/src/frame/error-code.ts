/** The error codes of RST_STREAM and GOAWAY, RFC 9113 section 7. */
export const ErrorCode = {
  NO_ERROR: 0x00,
  PROTOCOL_ERROR: 0x01,
  INTERNAL_ERROR: 0x02,
  FLOW_CONTROL_ERROR: 0x03,
  SETTINGS_TIMEOUT: 0x04,
  STREAM_CLOSED: 0x05,
  FRAME_SIZE_ERROR: 0x06,
  REFUSED_STREAM: 0x07,
  CANCEL: 0x08,
  COMPRESSION_ERROR: 0x09,
  CONNECT_ERROR: 0x0a,
  ENHANCE_YOUR_CALM: 0x0b,
  INADEQUATE_SECURITY: 0x0c,
  HTTP_1_1_REQUIRED: 0x0d,
} as const

export type ErrorCodeName = keyof typeof ErrorCode

const NAMES = Object.keys(ErrorCode) as ErrorCodeName[]

/**
 * Returns the name of an error code for messages.
 *
 * @returns the RFC's name, or the number in hexadecimal if the RFC doesn't name it
 */
export function errorCodeName(code: number): string {
  // The codes are consecutive from 0, so the index in the list is the code.
  return NAMES[code] ?? `0x${code.toString(16)}`
}
