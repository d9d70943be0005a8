import { bindLazily, NativeUnavailableError } from '@h2lab/tls-context/native'

/** Functions that older versions of nghttp2 lack. Without them, nghttp2's own limits apply. */
const OPTIONAL = [
  // Since 1.57.
  'nghttp2_option_set_stream_reset_rate_limit',
  // In 1.70, but not in 1.61.
  'nghttp2_option_set_glitch_rate_limit',
  // Since 1.61.
  'nghttp2_option_set_max_continuations',
] as const

/**
 * The functions of nghttp2 used here, which its manual describes. Addresses are numbers (`uintptr_t`), which koffi
 * passes faster; `void *` also accepts buffers. `bench/nghttp2.bench.mjs` measures a request.
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
    // From the C library. Copies octets from and to memory owned by C.
    memcpy: ['void', 'void *', 'void *', 'size_t'],
  },
  { optional: OPTIONAL, systems: 'any' },
)

/** The functions of nghttp2 by name. */
export type Nghttp2Library = ReturnType<typeof bound>

/** The running process lacks a function of nghttp2. */
export class Nghttp2UnavailableError extends Error {
  override readonly name = 'Nghttp2UnavailableError'
  /** Stable. Identifies the kind of error. */
  readonly code = 'NGHTTP2_UNAVAILABLE'
  /** The missing function; undefined if koffi itself is missing. */
  readonly symbol: string | undefined

  constructor(reason: string, symbol?: string, options?: ErrorOptions) {
    super(`nghttp2 can't be called directly here: ${reason}.`, options)
    this.symbol = symbol
  }
}

/**
 * Returns the nghttp2 of the running Node.js binary, bound on the first call.
 *
 * @throws Nghttp2UnavailableError naming the missing function
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
