import type { ProtocolName } from '@h2lab/mini-http2/protocol'

/** The protocols of a blocking loop: those of mini-http2, and nghttp2. */
export type SyncProtocolName = ProtocolName | 'nghttp2'

export const SYNC_PROTOCOL_NAMES: readonly SyncProtocolName[] = ['mini', 'http2', 'nghttp2']
