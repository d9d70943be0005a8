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
   * Octets of output that may wait to be taken. Beyond it nothing of the input is
   * processed until the output was taken, and one frame or small response may exceed it.
   * Default 1 MiB: many times what one write to a socket accepts, so it costs no speed.
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
   * Fields of a request, each cookie crumb counted. Default 128: far more than clients send, and
   * small fields would otherwise cost more memory than their octets say.
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
   * connection ends: a reset costs the client less than its request costs us. Default 1,000: a
   * user who leaves a page resets a hundred at most.
   */
  readonly resetBurst?: number
  /** How many more resets each second allows. Default 33: the burst is forgotten in half a minute. */
  readonly resetsPerSecond?: number
  /**
   * Frames without effect in a burst: empty DATA, PRIORITY, unknown types, WINDOW_UPDATE that no
   * sent DATA explains. Default 10,000: they are cheap, and some clients send PRIORITY often.
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
   * one octet being sent. Default 60,000: a paused download goes on within that.
   */
  readonly stalledResponseTimeout?: number
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
  settingsTimeout: 10_000,
  streamWindowSize: 262_144,
  connectionWindowSize: 1_048_576,
}
