import { MisuseError } from '../errors'

/**
 * Checks the status of a final response, RFC 9110 section 15.
 *
 * @returns the status
 * @throws MisuseError if it isn't an integer from 200 to 599
 */
export function checkStatus(status: number): number {
  if (!Number.isInteger(status) || status < 200 || status > 599) {
    throw new MisuseError(
      'INVALID_STATUS',
      `A final response's status must be an integer from 200 to 599, not ${status}.`,
    )
  }
  return status
}

/**
 * Returns whether a response with this status may have content: 204 and 304 have none (RFC 9110
 * section 6.4.1), and for 205 none may be sent (section 15.3.6).
 */
export function statusAllowsBody(status: number): boolean {
  return status !== 204 && status !== 205 && status !== 304
}

/**
 * Checks the status of an informational response. HTTP/2 doesn't support 101, RFC 9113 section 8.6.
 *
 * @returns the status
 * @throws MisuseError if it isn't an integer from 100 to 199, or is 101
 */
export function checkInformationalStatus(status: number): number {
  if (!Number.isInteger(status) || status < 100 || status > 199 || status === 101) {
    throw new MisuseError(
      'INVALID_STATUS',
      `An informational response's status must be an integer from 100 to 199 except 101, not ${status}.`,
    )
  }
  return status
}
