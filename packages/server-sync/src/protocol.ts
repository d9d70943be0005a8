import type { ProtocolName } from '@h2lab/mini-http2/protocol'

/** The protocols that a blocking loop carries: those of mini-http2, and the C library's. */
export type SyncProtocolName = ProtocolName | 'nghttp2'

export const SYNC_PROTOCOL_NAMES: readonly SyncProtocolName[] = ['mini', 'http2', 'nghttp2']
