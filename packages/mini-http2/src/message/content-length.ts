import { MisuseError } from '../errors'
import type { Field, FieldList } from './fields'

/**
 * Returns the value of `content-length` in octets; undefined without it.
 *
 * @throws MisuseError if it isn't a number of octets, or is repeated
 */
export function contentLengthOf(fields: FieldList): number | undefined {
  let length: number | undefined
  for (const field of fields) {
    if (field[0] !== 'content-length') continue
    const value = field[1]
    if (length !== undefined || !/^\d{1,15}$/.test(value)) {
      throw new MisuseError(
        'INVALID_FIELD',
        length === undefined
          ? `content-length must be a number of bytes, not ${JSON.stringify(value)}.`
          : 'content-length must not be repeated.',
      )
    }
    length = Number(value)
  }
  return length
}

/**
 * Removes `content-length` where HTTP forbids it: from responses with status 1xx and 204, RFC 9110
 * section 8.6. Many applications and proxied responses set it there, usually to 0, where it has no
 * meaning.
 *
 * @param fields a list owned by the caller, which is modified
 */
export function dropForbiddenLength(fields: Field[], status: number): void {
  if (status >= 200 && status !== 204) return
  for (let index = fields.length - 1; index >= 0; index--) {
    if (fields[index]![0] === 'content-length') fields.splice(index, 1)
  }
}

/**
 * Checks the `content-length` of a response: absent, or the length of its body in octets, RFC 9113
 * section 8.1.1. For 304 it is the length that a 200 response would have. Forbidden ones were
 * removed before.
 *
 * @param bodyLength undefined if it is unknown, or the request is HEAD
 * @returns the value
 * @throws MisuseError if it doesn't match
 */
export function checkContentLength(
  fields: FieldList,
  status: number,
  bodyLength: number | undefined,
): number | undefined {
  const announced = contentLengthOf(fields)
  if (announced === undefined || status === 304) return announced
  if (bodyLength !== undefined && announced !== bodyLength) {
    throw new MisuseError(
      'CONTENT_LENGTH_MISMATCH',
      `content-length is ${announced}, but the body has ${bodyLength} bytes.`,
    )
  }
  return announced
}
