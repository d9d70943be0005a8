import { bindLazily, NativeUnavailableError } from '@h2lab/tls-context/native'

/** Functions that older versions of nghttp2 do not have. Without them its own limits hold. */
const OPTIONAL = [
  // From 1.57 on.
  'nghttp2_option_set_stream_reset_rate_limit',
  // 1.70 has it, 1.61 not yet.
  'nghttp2_option_set_glitch_rate_limit',
  // From 1.61 on.
  'nghttp2_option_set_max_continuations',
] as const

/**
 * What is used of nghttp2; its manual describes each function under its name. Addresses are numbers, `uintptr_t`, which
 * pass faster; `void *` may be octets in place as well; `bench/nghttp2.bench.mjs` has a request's time.
 */
const bound = bindLazily(
  {
    nghttp2_session_callbacks_new: ['int', 'void *'],
    nghttp2_session_callbacks_del: ['void', 'uintptr_t'],
    nghttp2_session_callbacks_set_on_begin_headers_callback: ['void', 'uintptr_t', 'uintptr_t'],
    nghttp2_session_callbacks_set_on_header_callback: ['void', 'uintptr_t', 'uintptr_t'],
    nghttp2_session_callbacks_set_on_frame_recv_callback: ['void', 'uintptr_t', 'uintptr_t'],
    nghttp2_session_callbacks_set_on_stream_close_callback: ['void', 'uintptr_t', 'uintptr_t'],
    nghttp2_option_new: ['int', 'void *'],
    nghttp2_option_del: ['void', 'uintptr_t'],
    nghttp2_option_set_max_outbound_ack: ['void', 'uintptr_t', 'size_t'],
    nghttp2_option_set_max_settings: ['void', 'uintptr_t', 'size_t'],
    nghttp2_option_set_stream_reset_rate_limit: ['void', 'uintptr_t', 'uint64_t', 'uint64_t'],
    nghttp2_option_set_glitch_rate_limit: ['void', 'uintptr_t', 'uint64_t', 'uint64_t'],
    nghttp2_option_set_max_continuations: ['void', 'uintptr_t', 'size_t'],
    nghttp2_session_server_new2: ['int', 'void *', 'uintptr_t', 'uintptr_t', 'uintptr_t'],
    nghttp2_session_del: ['void', 'uintptr_t'],
    nghttp2_session_mem_recv: ['intptr_t', 'uintptr_t', 'void *', 'size_t'],
    nghttp2_session_mem_send: ['intptr_t', 'uintptr_t', 'uintptr_t'],
    nghttp2_session_want_read: ['int', 'uintptr_t'],
    nghttp2_session_want_write: ['int', 'uintptr_t'],
    nghttp2_session_resume_data: ['int', 'uintptr_t', 'int32_t'],
    nghttp2_session_terminate_session: ['int', 'uintptr_t', 'uint32_t'],
    nghttp2_session_get_last_proc_stream_id: ['int32_t', 'uintptr_t'],
    nghttp2_session_get_remote_settings: ['uint32_t', 'uintptr_t', 'int'],
    nghttp2_session_set_local_window_size: ['int', 'uintptr_t', 'uint8_t', 'int32_t', 'int32_t'],
    nghttp2_submit_settings: ['int', 'uintptr_t', 'uint8_t', 'void *', 'size_t'],
    nghttp2_submit_response: ['int', 'uintptr_t', 'int32_t', 'uintptr_t', 'size_t', 'uintptr_t'],
    nghttp2_submit_headers: [
      'int32_t',
      'uintptr_t',
      'uint8_t',
      'int32_t',
      'void *',
      'uintptr_t',
      'size_t',
      'void *',
    ],
    nghttp2_submit_trailer: ['int', 'uintptr_t', 'int32_t', 'uintptr_t', 'size_t'],
    nghttp2_submit_rst_stream: ['int', 'uintptr_t', 'uint8_t', 'int32_t', 'uint32_t'],
    nghttp2_submit_goaway: [
      'int',
      'uintptr_t',
      'uint8_t',
      'int32_t',
      'uint32_t',
      'void *',
      'size_t',
    ],
    nghttp2_submit_shutdown_notice: ['int', 'uintptr_t'],
    nghttp2_submit_ping: ['int', 'uintptr_t', 'uint8_t', 'void *'],
    nghttp2_strerror: ['const char *', 'int'],
    // Of the C library: copies octets from or to where C has them.
    memcpy: ['void', 'void *', 'void *', 'size_t'],
  },
  { optional: OPTIONAL, systems: 'any' },
)

/** nghttp2's functions by their names. */
export type Nghttp2Library = ReturnType<typeof bound>

/** A function of nghttp2 is missing in the running process. */
export class Nghttp2UnavailableError extends Error {
  override readonly name = 'Nghttp2UnavailableError'
  /** Stable; says what kind of fault it is. */
  readonly code = 'NGHTTP2_UNAVAILABLE'
  /** The function that is missing; undefined if koffi itself is. */
  readonly symbol: string | undefined

  constructor(reason: string, symbol?: string, options?: ErrorOptions) {
    super(`nghttp2 can't be called directly here: ${reason}.`, options)
    this.symbol = symbol
  }
}

/**
 * nghttp2 in the running Node binary, found at the first call.
 *
 * @throws Nghttp2UnavailableError naming the function that is missing
 */
export function nghttp2(): Nghttp2Library {
  library ??= bind()
  return library
}

let library: Nghttp2Library | undefined

function bind(): Nghttp2Library {
  try {
    return bound()
  } catch (error) {
    if (!(error instanceof NativeUnavailableError)) throw error
    const { symbol } = error
    const reason =
      symbol === undefined
        ? 'koffi has no binary for this system'
        : `there is no function ${symbol}`
    throw new Nghttp2UnavailableError(reason, symbol, { cause: error.cause })
  }
}
