import { MisuseError } from '../errors'
import type { Field, FieldList } from './fields'

/**
 * Returns what `content-length` announces, in octets; undefined without it.
 *
 * @throws MisuseError if it isn't a number of octets, or comes twice
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
          ? `content-length is a number of octets, not ${JSON.stringify(value)}.`
          : 'content-length can be there once only.',
      )
    }
    length = Number(value)
  }
  return length
}

/**
 * Takes `content-length` out where HTTP forbids it: of responses with status 1xx and 204, RFC 9110 section 8.6. Many
 * applications set it there, above all as 0, and what a proxy passes on has it too; it means nothing.
 *
 * @param fields the caller's own list, which is changed
 */
export function dropForbiddenLength(fields: Field[], status: number): void {
  if (status >= 200 && status !== 204) return
  for (let index = fields.length - 1; index >= 0; index--) {
    if (fields[index]![0] === 'content-length') fields.splice(index, 1)
  }
}

/**
 * Checks what `content-length` says of a response: nothing, or its body's length in octets, RFC 9113
 * section 8.1.1. With 304 it says what 200 would have had. Where it is forbidden it was dropped before.
 *
 * @param bodyLength undefined if it isn't known yet, or the request is HEAD
 * @returns what it says
 * @throws MisuseError if it says anything else
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
      `content-length says ${announced} octets, but the body has ${bodyLength}.`,
    )
  }
  return announced
}
