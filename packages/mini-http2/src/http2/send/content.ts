import { octetize } from '@h2lab/octets'
import type { Content } from '../../message/content'
import type { FieldList } from '../../message/fields'
import type { ConnectionCore } from '../connection-core'
import type { Stream } from '../streams/stream'
import { endBody, maySendAtOnce, sendBody } from './send-body'
import { beginData } from './send-frames'

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
