import { type OctetVector, octetize } from '@h2lab/octets'
import type { ResponseBody } from '../../application/response'
import { MisuseError } from '../../errors'
import type { FieldList } from '../../message/fields'
import type { ConnectionCore } from '../connection-core'
import type { Stream } from '../streams/stream'
import { endBody, maySendAtOnce, sendBody } from './send-body'
import { beginData } from './send-frames'

/**
 * A part of a body whose length in octets is known: octets, or text of ASCII, which is written into the
 * output without becoming octets of its own before.
 */
export type Content = OctetVector | string

/** Up to this length it is faster to go through a text's characters than to call the encoder. */
const SHORT_TEXT = 256

/**
 * Makes a part of a body ready: its `length` is in octets then.
 *
 * @throws MisuseError `INVALID_BODY` if it is neither text nor octets
 */
export function toContent(body: ResponseBody): Content {
  if (typeof body !== 'string') {
    if (body instanceof Uint8Array) return body
    throw new MisuseError(
      'INVALID_BODY',
      `A body is a string or a Uint8Array, not ${String(body)}.`,
    )
  }
  return body.length <= SHORT_TEXT && isAscii(body) ? body : octetize(body)
}

/** As {@link sendBody}. Hot path: `npm run bench` (connection) has a short text's nanoseconds. */
export function sendContent(
  core: ConnectionCore,
  stream: Stream,
  content: Content,
  end: 'open' | 'end' | { readonly trailers: FieldList },
): void {
  if (typeof content !== 'string') {
    sendBody(core, stream, content, end)
  } else if (maySendAtOnce(core, stream, content.length) && content.length > 0) {
    const offset = beginData(core, stream, content.length, end === 'end')
    const { octets } = core.output
    for (let index = 0; index < content.length; index++) {
      octets[offset + index] = content.charCodeAt(index)
    }
    if (end !== 'open') endBody(core, stream, end)
  } else {
    sendBody(core, stream, octetize(content), end)
  }
}

function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) > 0x7f) return false
  return true
}
