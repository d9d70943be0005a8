import {
  type ConnectionLimits,
  DEFAULT_LIMITS,
  type Handler,
  type HandlerErrorListener,
  isPrebuiltResponse,
  type PrebuiltResponse,
} from '@h2lab/mini-http2'
import { SettingsParameter } from '@h2lab/mini-http2/frames'
import { DateField, LIMIT_NAMES, reportHandlerError } from '@h2lab/mini-http2/protocol'
import { checkOptionNames } from '@h2lab/mini-http2/server'
import type { OptionNamesOf } from '@h2lab/octets'
import { type Address, readAddress } from '@h2lab/tls-context/native'
import { nghttp2 } from './library'

/** The options of connections of the protocol `nghttp2`. */
export interface Nghttp2Init {
  /** Answers the requests before it returns. */
  readonly app: Handler | PrebuiltResponse
  /** Limits that differ from `DEFAULT_LIMITS`. The README says which of them nghttp2 supports. */
  readonly limits?: ConnectionLimits | undefined
  /** Whether clients may use extended CONNECT, RFC 8441. Default false. */
  readonly extendedConnect?: boolean | undefined
  /** Whether final responses get a `date` if the application has not set one. Default true. */
  readonly date?: boolean | undefined
  /** The source of `date`, in milliseconds since 1970; for tests. Default `Date.now`. */
  readonly wallClock?: (() => number) | undefined
  /**
   * Called with what handlers throw, and for promises that they return. By default the error is logged with
   * `console.error`.
   */
  readonly onHandlerError?: HandlerErrorListener | undefined
}

/** What all connections of a server share, prepared once. Lives as long as its thread. */
export interface Nghttp2Options {
  readonly handler: Handler
  readonly limits: Required<ConnectionLimits>
  readonly onHandlerError: HandlerErrorListener
  /** Undefined if responses get no `date`. */
  readonly date: DateField | undefined
  /** The `nghttp2_option`. */
  readonly option: Address
  readonly settings: SettingsArray
}

/** Settings in the memory layout of nghttp2: an array of `nghttp2_settings_entry`. */
export interface SettingsArray {
  readonly entries: Buffer
  readonly count: number
}

const INIT: OptionNamesOf<Nghttp2Init> = {
  app: true,
  limits: LIMIT_NAMES,
  extendedConnect: true,
  onHandlerError: true,
  date: true,
  wallClock: true,
}

/**
 * Fills in the defaults.
 *
 * @throws ServerSetupError `INVALID_OPTION` if an option or limit does not exist
 * @throws Nghttp2UnavailableError if the running process has no nghttp2 to call
 */
export function toNghttp2Options(init: Nghttp2Init): Nghttp2Options {
  checkOptionNames(init, INIT)
  const { app, extendedConnect = false, date = true } = init
  const limits = { ...DEFAULT_LIMITS, ...init.limits }
  return {
    handler: isPrebuiltResponse(app) ? (_, response) => response.sendPrebuilt(app) : app,
    limits,
    onHandlerError: init.onHandlerError ?? reportHandlerError,
    date: date ? new DateField(init.wallClock) : undefined,
    option: newOption(limits),
    settings: toSettingsArray(limits, extendedConnect),
  }
}

/** More than any connection can reach. */
const NO_LIMIT = 2 ** 32

/** The limits that nghttp2 enforces itself. */
function newOption(limits: Required<ConnectionLimits>): Address {
  const library = nghttp2()
  const created = Buffer.alloc(8)
  library.nghttp2_option_new(created)
  const option = readAddress(created)
  library.nghttp2_option_set_max_outbound_ack(option, limits.maxWaitingAcknowledgements)
  library.nghttp2_option_set_max_settings(option, limits.maxSettingsParameters)
  // These also count frames that many clients send with each request, such as PRIORITY, and RST_STREAM after a
  // complete response. The connection counts by itself, and allows more for each request it answers.
  library.nghttp2_option_set_stream_reset_rate_limit?.(option, NO_LIMIT, NO_LIMIT)
  library.nghttp2_option_set_glitch_rate_limit?.(option, NO_LIMIT, NO_LIMIT)
  library.nghttp2_option_set_max_continuations?.(option, limits.maxContinuationFrames)
  return option
}

function toSettingsArray(
  limits: Required<ConnectionLimits>,
  extendedConnect: boolean,
): SettingsArray {
  const settings: (readonly [identifier: number, value: number])[] = [
    [SettingsParameter.MAX_CONCURRENT_STREAMS, limits.maxConcurrentStreams],
    [SettingsParameter.INITIAL_WINDOW_SIZE, limits.streamWindowSize],
    [SettingsParameter.MAX_HEADER_LIST_SIZE, limits.maxHeaderListSize],
    [SettingsParameter.NO_RFC7540_PRIORITIES, 1],
  ]
  if (extendedConnect) settings.push([SettingsParameter.ENABLE_CONNECT_PROTOCOL, 1])
  const entries = Buffer.alloc(8 * settings.length)
  for (const [index, [identifier, value]] of settings.entries()) {
    entries.writeInt32LE(identifier, index * 8)
    entries.writeUInt32LE(value, index * 8 + 4)
  }
  return { entries, count: settings.length }
}
