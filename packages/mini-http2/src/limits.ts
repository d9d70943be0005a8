/**
 * What a connection allows its peer. Each limit keeps memory, work or time bounded whatever the
 * peer does; all have a default. The protocol `mini` knows the first three, `http2` all.
 */
export interface ConnectionLimits {
  /**
   * Milliseconds for the client preface to arrive. Default 10,000: a handshake's
   * round trips on the slowest links in use, several times over.
   */
  readonly prefaceTimeout?: number
  /**
   * Milliseconds without any octet from the peer after which the connection is ended: in `mini`
   * only while no output is taken either, in `http2` only while no stream is open, or all wait for
   * the rest of their request. Default 180,000: longer than browsers keep idle connections in use, short enough that vanished
   * peers don't pile up.
   */
  readonly idleTimeout?: number
  /**
   * Octets of output that may wait to be taken; one frame or small response may exceed it. Beyond it
   * `http2` calls no handler for a new request until output is taken, but receives the other frames, and `mini`
   * processes no input. Default 1 MiB: many times what one write to a socket accepts, so it costs no speed.
   */
  readonly maxWaitingOutput?: number

  /**
   * Streams that a client may have open at once, RFC 9113 section 5.1.2; more are refused.
   * Default 128: the least that section 6.5.2 advises is 100, and sweeps go to 120.
   */
  readonly maxConcurrentStreams?: number
  /**
   * Octets of a request's header list, counted as RFC 9113 section 6.5.2 does; beyond, the answer
   * is 431. Default 65,536: several times what browsers with many cookies send.
   */
  readonly maxHeaderListSize?: number
  /**
   * Fields of a request. Cookie crumbs are not among them: browsers send one for each cookie, 180 and more, and
   * `maxHeaderListSize` bounds them. Default 128: far more than clients send, and small fields would
   * otherwise cost more memory than their octets say.
   */
  readonly maxHeaderFields?: number
  /**
   * CONTINUATION frames for one header block. Default 8: with frames of 16,384 octets that is
   * more than `maxHeaderListSize` needs, and a flood of empty ones ends soon.
   */
  readonly maxContinuationFrames?: number
  /** Parameters in one SETTINGS frame. Default 32: there are eight, and each is work. */
  readonly maxSettingsParameters?: number
  /**
   * Streams that may be reset in a burst, by the client or because of its faults, before the
   * connection ends: a reset costs the client less than its request costs us. Streams that are refused before
   * the client has acknowledged our SETTINGS do not count. Default 1,000: a user who leaves a page resets a
   * hundred at most.
   */
  readonly resetBurst?: number
  /** How many more resets each second allows. Default 33: the burst is forgotten in half a minute. */
  readonly resetsPerSecond?: number
  /**
   * Frames without effect in a burst: empty DATA, PRIORITY, unknown types, WINDOW_UPDATE that no
   * sent DATA explains. Each response allows four more, since many clients send such frames with each request.
   * Default 10,000: they are cheap.
   */
  readonly idleFrameBurst?: number
  /** How many more such frames each second allows. Default 330. */
  readonly idleFramesPerSecond?: number
  /**
   * Acknowledgements of PING and SETTINGS that may wait in the output. Default 1,000: they arise
   * without the client reading anything, so they must not pile up.
   */
  readonly maxWaitingAcknowledgements?: number
  /**
   * Milliseconds for the rest of a header block once it has begun. Default 10,000: it comes in
   * one piece from every honest client, and blocks all other streams until it is complete.
   */
  readonly headerBlockTimeout?: number
  /**
   * Milliseconds during which a response may wait for the client to open its windows without
   * one octet being sent: the stream is reset. Output that a client does not take at all for so long ends its
   * connection. Default 60,000: a paused download goes on within that.
   */
  readonly stalledResponseTimeout?: number
  /**
   * Milliseconds without any octet from the client after which it is sent a PING, if a stream is open.
   * `Infinity` sends none. Default 30,000: less than the 60 seconds after which the most impatient load
   * balancers and NAT gateways forget a silent connection, so a PING also keeps event streams alive.
   */
  readonly keepAlive?: number
  /**
   * Milliseconds for any octet from the client after that PING; then the connection ends. Octets that were
   * sent shortly before the PING extend it, since the client reads them first. Default 30,000: ten times the
   * longest round trips in use, and a client that vanished is noticed within a minute.
   */
  readonly keepAliveTimeout?: number
  /**
   * Milliseconds for the responses of a client that has ended its side of the connection. Default 60,000, as
   * for a stalled response. It ends earlier when nothing is produced for half a second, or nothing of it taken
   * for 0.9 seconds: nearly all clients that end their side are gone.
   */
  readonly halfClosedTimeout?: number
  /** Milliseconds for the client to acknowledge our SETTINGS. Default 10,000, as for the preface. */
  readonly settingsTimeout?: number
  /**
   * Octets of a request's body that may wait for the handler to read them: the stream's
   * flow-control window, SETTINGS_INITIAL_WINDOW_SIZE. Default 262,144: one window for each
   * round trip, so 25 MB a second at 10 ms; times `maxConcurrentStreams` it bounds the memory.
   */
  readonly streamWindowSize?: number
  /**
   * The connection's flow-control window in octets; it opens again as soon as octets
   * arrive, so that a slow handler slows down its own stream only. Default 1 MiB: four streams
   * at full speed.
   */
  readonly connectionWindowSize?: number
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
  keepAlive: 30_000,
  keepAliveTimeout: 30_000,
  halfClosedTimeout: 60_000,
  settingsTimeout: 10_000,
  streamWindowSize: 262_144,
  connectionWindowSize: 1_048_576,
}

/** The name of a limit. */
export type LimitName = keyof ConnectionLimits

/** The names of all limits. */
export const LIMIT_NAMES = Object.fromEntries(
  Object.keys(DEFAULT_LIMITS).map((name) => [name, true]),
) as { readonly [Name in LimitName]: true }
