/*
 * The state of a response in a single number, so that the streams of a connection are a map of
 * small integers and a request allocates nothing (benchmark: `bench/generator-speed`).
 */

/** The final header fields have not arrived yet. */
export const NOT_BEGUN = 0

/**
 * Same, for a response to HEAD, which has no body whatever its content-length: RFC 9110 section
 * 9.3.2.
 */
export const NOT_BEGUN_HEAD = -1

/** Larger than any status. A response is `octets left * STATUS_RANGE + status`. */
const STATUS_RANGE = 1024

/**
 * The header fields have arrived.
 *
 * @param status 200 to 599
 * @param contentLength length of the body in octets; null if unknown
 */
export function begun(status: number, contentLength: number | null): number {
  return contentLength === null ? -status : contentLength * STATUS_RANGE + status
}

/** Returns the status of a response that has begun. */
export function statusOf(response: number): number {
  return response < 0 ? -response : response % STATUS_RANGE
}

/** Returns how many octets of the body are still to come; null if unknown. */
export function octetsLeft(response: number): number | null {
  return response < 0 ? null : Math.floor(response / STATUS_RANGE)
}

/** Subtracts octets from those left. At least as many must be left. */
export function withOctets(response: number, octets: number): number {
  return response < 0 ? response : response - octets * STATUS_RANGE
}
