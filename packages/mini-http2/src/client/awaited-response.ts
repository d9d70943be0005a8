/*
 * What a client knows of a response that is still to come or to end, in one number: so the streams of a connection
 * are a map of small integers, and a request allocates nothing (measure: `bench/generator-speed`).
 */

/** The final header fields are still to come. */
export const NOT_BEGUN = 0

/** The same of a response to HEAD, which has no body whatever its content-length: RFC 9110 section 9.3.2. */
export const NOT_BEGUN_HEAD = -1

/** Above all statuses: the status is the remainder of a division by it, the octets that are left the quotient. */
const STATUS_RANGE = 1024

/**
 * The header fields have come.
 *
 * @param status 200 to 599
 * @param contentLength octets that the body is to have; null if the server did not say
 */
export function begun(status: number, contentLength: number | null): number {
  return contentLength === null ? -status : contentLength * STATUS_RANGE + status
}

/** Returns the status of a response that has begun. */
export function statusOf(response: number): number {
  return response < 0 ? -response : response % STATUS_RANGE
}

/** Returns how many octets of the body are still to come; null if the server did not say. */
export function octetsLeft(response: number): number | null {
  return response < 0 ? null : Math.floor(response / STATUS_RANGE)
}

/** Takes octets off a body. There must be so many left. */
export function withOctets(response: number, octets: number): number {
  return response < 0 ? response : response - octets * STATUS_RANGE
}
