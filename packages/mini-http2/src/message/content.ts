import { type OctetVector, octetize } from '@h2lab/octets'
import { MisuseError } from '../errors'

/**
 * A part of a body whose length in octets is known: octets, or an ASCII string, which is encoded
 * directly into the output.
 */
export type Content = OctetVector | string

/** Empty content. */
export const NO_CONTENT: OctetVector = new Uint8Array(0)

/** Up to this length, checking a string's characters is faster than calling the encoder. */
const SHORT_TEXT = 256

/**
 * Prepares a part of a body, so that its `length` is in octets.
 *
 * @throws MisuseError `INVALID_BODY` if it is neither a string nor octets
 */
export function toContent(body: string | OctetVector): Content {
  if (typeof body !== 'string') {
    if (body instanceof Uint8Array) return body
    throw new MisuseError(
      'INVALID_BODY',
      `A body must be a string or a Uint8Array, not ${String(body)}.`,
    )
  }
  return body.length <= SHORT_TEXT && isAscii(body) ? body : octetize(body)
}

/** Returns the octets of a part of a body. */
export function contentOctets(content: Content): OctetVector {
  return typeof content === 'string' ? octetize(content) : content
}

function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) > 0x7f) return false
  return true
}
