import { createRequire } from 'node:module'

/**
 * The address of a C object. A number, since all that a process may use fit and a `bigint` has to be
 * allocated for each call; `bench/nghttp2.bench.mjs` has a request's time.
 */
export type Pointer = number

/** What is used of nghttp2; its manual describes each function under its name here. */
export interface Nghttp2Library {
  nghttp2_session_callbacks_new(callbacks: Uint8Array): number
  nghttp2_session_callbacks_del(callbacks: Pointer): void
  nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks: Pointer, to: Pointer): void
  nghttp2_session_callbacks_set_on_header_callback(callbacks: Pointer, to: Pointer): void
  nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks: Pointer, to: Pointer): void
  nghttp2_session_callbacks_set_on_stream_close_callback(callbacks: Pointer, to: Pointer): void
  nghttp2_option_new(option: Uint8Array): number
  nghttp2_option_del(option: Pointer): void
  nghttp2_option_set_max_outbound_ack(option: Pointer, count: number): void
  nghttp2_option_set_max_settings(option: Pointer, count: number): void
  /** From nghttp2 1.57 on. */
  nghttp2_option_set_stream_reset_rate_limit?(option: Pointer, burst: number, rate: number): void
  /** nghttp2 1.70 has it, 1.61 not yet. */
  nghttp2_option_set_glitch_rate_limit?(option: Pointer, burst: number, rate: number): void
  /** From nghttp2 1.61 on. */
  nghttp2_option_set_max_continuations?(option: Pointer, count: number): void
  nghttp2_session_server_new2(
    session: Uint8Array,
    callbacks: Pointer,
    userData: number,
    option: Pointer,
  ): number
  nghttp2_session_del(session: Pointer): void
  nghttp2_session_mem_recv(session: Pointer, octets: Uint8Array, length: number): number
  nghttp2_session_mem_send(session: Pointer, output: Pointer): number
  nghttp2_session_want_read(session: Pointer): number
  nghttp2_session_want_write(session: Pointer): number
  nghttp2_session_resume_data(session: Pointer, streamId: number): number
  nghttp2_session_terminate_session(session: Pointer, errorCode: number): number
  nghttp2_session_get_last_proc_stream_id(session: Pointer): number
  nghttp2_session_get_remote_settings(session: Pointer, identifier: number): number
  nghttp2_session_set_local_window_size(
    session: Pointer,
    flags: number,
    streamId: number,
    size: number,
  ): number
  nghttp2_submit_settings(
    session: Pointer,
    flags: number,
    entries: Uint8Array,
    count: number,
  ): number
  nghttp2_submit_response(
    session: Pointer,
    streamId: number,
    fields: Pointer,
    count: number,
    body: Pointer,
  ): number
  nghttp2_submit_headers(
    session: Pointer,
    flags: number,
    streamId: number,
    priority: null,
    fields: Pointer,
    count: number,
    userData: null,
  ): number
  nghttp2_submit_trailer(session: Pointer, streamId: number, fields: Pointer, count: number): number
  nghttp2_submit_rst_stream(
    session: Pointer,
    flags: number,
    streamId: number,
    errorCode: number,
  ): number
  nghttp2_submit_goaway(
    session: Pointer,
    flags: number,
    lastStreamId: number,
    errorCode: number,
    data: null,
    length: number,
  ): number
  nghttp2_submit_shutdown_notice(session: Pointer): number
  nghttp2_submit_ping(session: Pointer, flags: number, octets: Uint8Array): number
  nghttp2_strerror(code: number): string
  /** Of the C library: copies octets from or to where C has them. */
  memcpy(to: Pointer | Uint8Array, from: Pointer | Uint8Array, length: number): void
}

/**
 * Result and parameters of each function: `uintptr_t` is an address or user data, `void *` may be octets in
 * place as well, `intptr_t` is an `ssize_t`.
 */
const SIGNATURES: Readonly<Record<keyof Nghttp2Library, string>> = {
  nghttp2_session_callbacks_new: 'int %(void *)',
  nghttp2_session_callbacks_del: 'void %(uintptr_t)',
  nghttp2_session_callbacks_set_on_begin_headers_callback: 'void %(uintptr_t, uintptr_t)',
  nghttp2_session_callbacks_set_on_header_callback: 'void %(uintptr_t, uintptr_t)',
  nghttp2_session_callbacks_set_on_frame_recv_callback: 'void %(uintptr_t, uintptr_t)',
  nghttp2_session_callbacks_set_on_stream_close_callback: 'void %(uintptr_t, uintptr_t)',
  nghttp2_option_new: 'int %(void *)',
  nghttp2_option_del: 'void %(uintptr_t)',
  nghttp2_option_set_max_outbound_ack: 'void %(uintptr_t, size_t)',
  nghttp2_option_set_max_settings: 'void %(uintptr_t, size_t)',
  nghttp2_option_set_stream_reset_rate_limit: 'void %(uintptr_t, uint64_t, uint64_t)',
  nghttp2_option_set_glitch_rate_limit: 'void %(uintptr_t, uint64_t, uint64_t)',
  nghttp2_option_set_max_continuations: 'void %(uintptr_t, size_t)',
  nghttp2_session_server_new2: 'int %(void *, uintptr_t, uintptr_t, uintptr_t)',
  nghttp2_session_del: 'void %(uintptr_t)',
  nghttp2_session_mem_recv: 'intptr_t %(uintptr_t, void *, size_t)',
  nghttp2_session_mem_send: 'intptr_t %(uintptr_t, uintptr_t)',
  nghttp2_session_want_read: 'int %(uintptr_t)',
  nghttp2_session_want_write: 'int %(uintptr_t)',
  nghttp2_session_resume_data: 'int %(uintptr_t, int32_t)',
  nghttp2_session_terminate_session: 'int %(uintptr_t, uint32_t)',
  nghttp2_session_get_last_proc_stream_id: 'int32_t %(uintptr_t)',
  nghttp2_session_get_remote_settings: 'uint32_t %(uintptr_t, int)',
  nghttp2_session_set_local_window_size: 'int %(uintptr_t, uint8_t, int32_t, int32_t)',
  nghttp2_submit_settings: 'int %(uintptr_t, uint8_t, void *, size_t)',
  nghttp2_submit_response: 'int %(uintptr_t, int32_t, uintptr_t, size_t, uintptr_t)',
  nghttp2_submit_headers:
    'int32_t %(uintptr_t, uint8_t, int32_t, void *, uintptr_t, size_t, void *)',
  nghttp2_submit_trailer: 'int %(uintptr_t, int32_t, uintptr_t, size_t)',
  nghttp2_submit_rst_stream: 'int %(uintptr_t, uint8_t, int32_t, uint32_t)',
  nghttp2_submit_goaway: 'int %(uintptr_t, uint8_t, int32_t, uint32_t, void *, size_t)',
  nghttp2_submit_shutdown_notice: 'int %(uintptr_t)',
  nghttp2_submit_ping: 'int %(uintptr_t, uint8_t, void *)',
  nghttp2_strerror: 'const char *%(int)',
  memcpy: 'void %(void *, void *, size_t)',
}

/** Functions that older versions of nghttp2 haven't. Without them its own limits hold. */
const OPTIONAL: ReadonlySet<string> = new Set([
  'nghttp2_option_set_stream_reset_rate_limit',
  'nghttp2_option_set_glitch_rate_limit',
  'nghttp2_option_set_max_continuations',
])

/** koffi calls functions of C libraries from JavaScript. */
type Koffi = typeof import('koffi')

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

let koffi: Koffi | undefined
let library: Nghttp2Library | undefined

/** koffi, loaded at the first call. @throws Nghttp2UnavailableError where it has no binary */
export function loadKoffi(): Koffi {
  if (koffi !== undefined) return koffi
  try {
    koffi = createRequire(import.meta.url)('koffi') as Koffi
  } catch (cause) {
    throw new Nghttp2UnavailableError('koffi has no binary for this system', undefined, { cause })
  }
  return koffi
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

function bind(): Nghttp2Library {
  const binary = loadKoffi().load(null)
  const functions: Record<string, unknown> = {}
  for (const [name, signature] of Object.entries(SIGNATURES)) {
    try {
      functions[name] = binary.func(signature.replace('%', name))
    } catch (cause) {
      if (OPTIONAL.has(name)) continue
      throw new Nghttp2UnavailableError(`there is no function ${name}`, name, { cause })
    }
  }
  return functions as unknown as Nghttp2Library
}

/** Reads an address that C has written into `octets`. */
export function readPointer(octets: Buffer): Pointer {
  return octets.readUInt32LE(0) + octets.readUInt32LE(4) * 2 ** 32
}

/** Writes an address where C reads one. */
export function writePointer(octets: Buffer, address: Pointer, offset: number): void {
  octets.writeUInt32LE(address % 2 ** 32, offset)
  octets.writeUInt32LE(Math.floor(address / 2 ** 32), offset + 4)
}

/** The address of octets. They must have memory of their own, which isn't moved, and be kept. */
export function addressOf(octets: Uint8Array): Pointer {
  return Number(loadKoffi().address(octets))
}
