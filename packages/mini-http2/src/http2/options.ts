import type { OctetVector, OptionNamesOf } from '@h2lab/octets'
import { concatenate } from '@h2lab/octets'
import type { Handler, HandlerErrorListener } from '../application/handler'
import { reportHandlerError } from '../application/report-handler-error'
import { makeSettingsFrame } from '../frame/settings'
import { makeWindowUpdateFrame } from '../frame/window-update'
import { type ConnectionLimits, DEFAULT_LIMITS, LIMIT_NAMES } from '../limits'
import { checkOptionNames } from '../options'
import { isPrebuiltResponse, type PrebuiltResponse } from '../prebuilt/prebuild-response'
import { DateField } from './date-field'
import { INITIAL_WINDOW_SIZE } from './flow-control'
import { ServerMemory } from './limits/memory'
import type { SharedMemoryUse } from './limits/shared-use'

/** Options for connections of the protocol `http2`. */
export interface Http2Init {
  /** The application. */
  readonly app: Handler | PrebuiltResponse
  /** Limits that differ from {@link DEFAULT_LIMITS}. */
  readonly limits?: ConnectionLimits | undefined
  /**
   * Whether clients may use extended CONNECT (RFC 8441), for example for WebSocket. Default false.
   */
  readonly extendedConnect?: boolean | undefined
  /** Called with errors of handlers. Default: prints a report with `console.error`. */
  readonly onHandlerError?: HandlerErrorListener | undefined
  /**
   * Whether final responses get a `date` unless the application sets it, RFC 9110 section 6.6.1.
   * Prebuilt responses are sent as they were built, without one. Default true.
   */
  readonly date?: boolean | undefined
  /** The clock for `date`, in milliseconds since 1970; for tests. Default `Date.now`. */
  readonly wallClock?: (() => number) | undefined
  /** The clock for turns, in milliseconds; for tests. Default `performance.now`. */
  readonly clock?: (() => number) | undefined
  /** How the threads of a server share the limit `maxMemory`. Default: the server has one thread. */
  readonly memoryUse?: SharedMemoryUse | undefined
  /**
   * Whether handlers may return promises. They never settle in a blocking loop: with `refused`, a
   * request whose handler returns one gets status 500, and `onHandlerError` gets a MisuseError
   * `PROMISE_REFUSED`. Default `awaited`.
   */
  readonly promises?: 'awaited' | 'refused' | undefined
}

/** The data that all connections of a server share, prepared once. */
export interface Http2Options {
  readonly handler: Handler
  readonly limits: Required<ConnectionLimits>
  readonly extendedConnect: boolean
  readonly onHandlerError: HandlerErrorListener
  readonly promises: 'awaited' | 'refused'
  /** Undefined if responses get no `date`. */
  readonly date: DateField | undefined
  /** In milliseconds. */
  readonly clock: () => number
  readonly memory: ServerMemory
  /** The server's connection preface, RFC 9113 section 3.4: SETTINGS, and the connection's window. */
  readonly preface: OctetVector
}

const INIT: OptionNamesOf<Http2Init> = {
  app: true,
  limits: LIMIT_NAMES,
  extendedConnect: true,
  onHandlerError: true,
  promises: true,
  date: true,
  wallClock: true,
  clock: true,
  memoryUse: true,
}

/**
 * Fills in the defaults.
 *
 * @throws MisuseError `INVALID_OPTION` if an option or limit does not exist
 */
export function toHttp2Options(init: Http2Init): Http2Options {
  checkOptionNames(init, INIT)
  const { app, extendedConnect = false, promises = 'awaited', date = true } = init
  const limits = { ...DEFAULT_LIMITS, ...init.limits }
  return {
    handler: isPrebuiltResponse(app) ? prebuiltHandler(app) : app,
    limits,
    extendedConnect,
    onHandlerError: init.onHandlerError ?? reportHandlerError,
    promises,
    date: date ? new DateField(init.wallClock) : undefined,
    clock: init.clock ?? (() => performance.now()),
    memory: new ServerMemory(limits.maxMemory, init.memoryUse),
    preface: serverPreface(limits, extendedConnect),
  }
}

/** Rejects CONNECT: a response to it has no content, and the client expects a tunnel. */
function prebuiltHandler(app: PrebuiltResponse): Handler {
  return (request, response) => {
    if (request.method === 'CONNECT') response.send(501)
    else response.sendPrebuilt(app)
  }
}

function serverPreface(limits: Required<ConnectionLimits>, extendedConnect: boolean): OctetVector {
  const settings = makeSettingsFrame({
    MAX_CONCURRENT_STREAMS: limits.maxConcurrentStreams,
    INITIAL_WINDOW_SIZE: limits.streamWindowSize,
    MAX_HEADER_LIST_SIZE: limits.maxHeaderListSize,
    // Priorities follow RFC 9218.
    NO_RFC7540_PRIORITIES: 1,
    ...(extendedConnect ? { ENABLE_CONNECT_PROTOCOL: 1 } : {}),
  })
  const increment = limits.connectionWindowSize - INITIAL_WINDOW_SIZE
  return increment > 0 ? concatenate(settings, makeWindowUpdateFrame(0, increment)) : settings
}
