import type { ConnectionCore } from '../connection-core'

/** PUSH_PROMISE: a client never may, RFC 9113 section 8.4. */
export function receivePushPromise(core: ConnectionCore): void {
  core.fail(
    'PROTOCOL_ERROR',
    'A client sent PUSH_PROMISE, but only servers push (RFC 9113 section 8.4).',
  )
}
