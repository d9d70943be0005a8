/**
 * The limits of a connection. Each one bounds memory, work or time, whatever the peer does. All
 * have a default. The protocol `mini` honours the first three, `http2` all of them.
 */
export interface ConnectionLimits {
  /**
   * Milliseconds for the client preface to arrive. Default 10,000: several times the round trips of
   * a handshake on the slowest links in use.
   */
  readonly prefaceTimeout?: number
  /**
   * Milliseconds without input from the peer after which the connection ends: in `mini` only while
   * no output is taken either, in `http2` only while no stream is open, or all streams wait for the
   * rest of their request. Default 180,000: longer than browsers reuse idle connections, short
   * enough that connections of vanished peers don't pile up.
   */
  readonly idleTimeout?: number
  /**
   * Bytes of output that may wait to be taken; one frame or small response may exceed it. Beyond
   * it, `http2` calls no handler for new requests until output is taken, but processes other
   * frames, and `mini` processes no input. Default 1 MiB: many times what a socket accepts in one
   * write, so it doesn't reduce throughput.
   */
  readonly maxWaitingOutput?: number

  /**
   * Streams that a client may have open at once, RFC 9113 section 5.1.2. More are refused. Default
   * 128: section 6.5.2 recommends at least 100, and benchmark sweeps use up to 120.
   */
  readonly maxConcurrentStreams?: number
  /**
   * Size of a request's header list in octets, counted as in RFC 9113 section 6.5.2. Larger
   * requests get status 431. Default 65,536: several times what browsers with many cookies send.
   */
  readonly maxHeaderListSize?: number
  /**
   * Fields of a request. Cookie crumbs don't count: browsers send one for each cookie, 180 and
   * more, and `maxHeaderListSize` bounds them. Default 128: far more than clients send. Without
   * this limit, many small fields could use more memory than their size suggests.
   */
  readonly maxHeaderFields?: number
  /**
   * CONTINUATION frames of a header block. Default 8: with frames of 16,384 octets this is more
   * than `maxHeaderListSize` needs, and a flood of empty frames ends soon.
   */
  readonly maxContinuationFrames?: number
  /** Parameters in a SETTINGS frame. Default 32: eight are defined, and each one takes time. */
  readonly maxSettingsParameters?: number
  /**
   * Streams that may be reset in a burst, by the client or because of its faults, before the
   * connection ends: a reset costs the client less than its request costs the server. Streams that
   * are refused before the client has acknowledged SETTINGS don't count. Default 1,000: a user who
   * leaves a page resets at most a hundred.
   */
  readonly resetBurst?: number
  /** Additional resets per second. Default 33: a burst is forgotten after half a minute. */
  readonly resetsPerSecond?: number
  /**
   * Frames without effect in a burst: empty DATA, PRIORITY, unknown types, and WINDOW_UPDATE beyond
   * what sent DATA justifies. Each response allows four more, because many clients send such frames
   * with each request. Default 10,000: they are cheap.
   */
  readonly idleFrameBurst?: number
  /** Additional frames without effect per second. Default 330. */
  readonly idleFramesPerSecond?: number
  /**
   * Acknowledgements of PING and SETTINGS that may wait in the output. Default 1,000. They must not
   * pile up for a client that reads nothing.
   */
  readonly maxWaitingAcknowledgements?: number
  /**
   * Milliseconds for the rest of a header block after its first frame. Default 10,000: normal
   * clients send it in one piece, and it blocks all other streams until it is complete.
   */
  readonly headerBlockTimeout?: number
  /**
   * Milliseconds that a response may wait for the client to open its flow-control windows before
   * the stream is reset. A client that takes no output at all for this time loses its connection.
   * Default 60,000: long enough for a paused download.
   */
  readonly stalledResponseTimeout?: number
  /**
   * Milliseconds that the body of a request may wait for the client to send it, if its length was announced and its
   * window is open. Then the stream is reset. Default 60,000, as for a response.
   */
  readonly stalledRequestTimeout?: number
  /**
   * Bytes per second that a client has to take of waiting responses, and to send of a body with `content-length`, all
   * streams together. A slower client may be behind for `stalledResponseTimeout` or `stalledRequestTimeout`; then its
   * connection ends, or the requests are reset. So a single byte doesn't renew these timeouts. Default 240: a tenth of the slowest links
   * in use.
   */
  readonly minDataRate?: number
  /**
   * Milliseconds without input from the client after which the server sends a PING, if a stream is
   * open. `Infinity` sends none. Default 30,000: less than the 60 seconds after which the strictest
   * load balancers and NAT gateways drop a silent connection, so a PING also keeps event streams
   * alive.
   */
  readonly keepAlive?: number
  /**
   * Milliseconds for any input from the client after that PING; then the connection ends. Data sent
   * shortly before the PING extends it, because the client reads that first. Default 30,000: ten
   * times the longest round trips in use, and a vanished client is noticed within a minute.
   */
  readonly keepAliveTimeout?: number
  /**
   * Milliseconds for the responses of a client that has ended its side of the connection. Default
   * 60,000, as for a stalled response. It ends earlier when nothing is produced for half a second,
   * or nothing is taken for 0.9 seconds: nearly all clients that end their side have gone.
   */
  readonly halfClosedTimeout?: number
  /** Milliseconds for the client to acknowledge our SETTINGS. Default 10,000, as for the preface. */
  readonly settingsTimeout?: number
  /**
   * Bytes of a request's body that may wait for the handler to read them: the stream's flow-control
   * window, SETTINGS_INITIAL_WINDOW_SIZE. Default 262,144: one window per round trip, which is 25
   * MB per second at 10 ms. Multiplied by `maxConcurrentStreams` it bounds the memory.
   */
  readonly streamWindowSize?: number
  /**
   * The connection's flow-control window in bytes. It reopens as soon as data arrives, so that a
   * slow handler slows down only its own stream. Default 1 MiB: four streams at full speed.
   */
  readonly connectionWindowSize?: number
  /**
   * Bytes of memory that a client may make its connection hold: bodies that the application has not read, header lists of
   * open streams, and parts of header blocks. Beyond it new streams are refused, and the connection's window stays
   * closed. Default 8 MiB: 28 uploads that nobody reads, or 1,300 header lists of ordinary size.
   */
  readonly maxConnectionMemory?: number
  /**
   * Bytes of memory that the clients of a server may make it hold, with the bodies of responses that they do not take,
   * and 32 KiB for each connection. Near it, connections that hold much get no more; beyond it, those that hold most are
   * ended. Several threads of a server share it. Default for servers: a quarter of the memory that the
   * process may use, or half of V8's heap, if that is less. Without a server: `Infinity`.
   */
  readonly maxMemory?: number
}

export const DEFAULT_LIMITS: Required<ConnectionLimits> = {
  prefaceTimeout: 10_000,
  idleTimeout: 180_000,
  maxWaitingOutput: 1_048_576,
  maxConcurrentStreams: 128,
  maxHeaderListSize: 65_536,
  maxHeaderFields: 128,
  maxContinuationFrames: 8,
  maxSettingsParameters: 32,
  resetBurst: 1000,
  resetsPerSecond: 33,
  idleFrameBurst: 10_000,
  idleFramesPerSecond: 330,
  maxWaitingAcknowledgements: 1000,
  headerBlockTimeout: 10_000,
  stalledResponseTimeout: 60_000,
  stalledRequestTimeout: 60_000,
  minDataRate: 240,
  keepAlive: 30_000,
  keepAliveTimeout: 30_000,
  halfClosedTimeout: 60_000,
  settingsTimeout: 10_000,
  streamWindowSize: 262_144,
  connectionWindowSize: 1_048_576,
  maxConnectionMemory: 8_388_608,
  maxMemory: Number.POSITIVE_INFINITY,
}

/** The name of a limit. */
export type LimitName = keyof ConnectionLimits

export const LIMIT_NAMES = Object.fromEntries(
  Object.keys(DEFAULT_LIMITS).map((name) => [name, true]),
) as { readonly [Name in LimitName]: true }
