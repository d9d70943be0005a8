import { type DocumentedCallback, defineDocumentedCallback } from '@h2lab/octets'
import {
  type Address,
  addressOf,
  callbackPointer,
  readAddress,
  toAddress,
  writeAddress,
} from '@h2lab/tls-context/native'
import { type Nghttp2Library, nghttp2 } from './library'

/** What nghttp2 reports to a connection. These functions must not throw, because C code calls them. */
export interface SessionEvents {
  onBeginHeaders(frame: Address): void
  /**
   * `name` and `value` are the addresses of octets.
   *
   * @param flags may contain {@link SENSITIVE}
   */
  onHeader(
    name: Address,
    nameLength: number,
    value: Address,
    valueLength: number,
    flags: number,
  ): void
  onFrame(frame: Address): void
  onStreamClose(streamId: number): void
  /**
   * Writes the next octets of a response's body to `target`.
   *
   * @returns the number of octets written, or {@link DEFERRED}
   */
  readBody(streamId: number, target: Address, room: number, flags: Address): number
}

/** NGHTTP2_NV_FLAG_NO_INDEX: no hop may index the field, RFC 7541 section 7.1.3. */
export const SENSITIVE = 0x01

/** NGHTTP2_ERR_DEFERRED: there is nothing to send yet. */
export const DEFERRED = -508

/**
 * All sessions of this thread by number, which is their user data in nghttp2. So the callbacks are registered once
 * for all sessions. Registering costs more than a session, and koffi allows 8192 callbacks.
 */
const sessions = new Map<number, SessionEvents>()
let lastNumber = 0

/** Returns the number that the session's callbacks get as user data. */
export function addSession(events: SessionEvents): number {
  lastNumber++
  sessions.set(lastNumber, events)
  return lastNumber
}

/** Removes a freed session. */
export function removeSession(number: number): void {
  sessions.delete(number)
}

/** The number of sessions of this thread that are not freed. */
export function sessionCount(): number {
  return sessions.size
}

const SESSION = { name: 'session', type: 'uintptr_t', text: 'the session; not used' } as const
const USER_DATA = {
  name: 'user_data',
  type: 'uintptr_t',
  text: "the number of the connection's session in this thread",
} as const
const FRAME = {
  name: 'frame',
  type: 'uintptr_t',
  text: 'the `nghttp2_frame`; only its `nghttp2_frame_hd` is read',
} as const
const GO_ON = { type: 'int', text: '0: continue' } as const

const onBeginHeaders = defineDocumentedCallback({
  name: 'on_begin_headers',
  text: 'A header block begins: nghttp2_on_begin_headers_callback.',
  parameters: [SESSION, FRAME, USER_DATA],
  result: GO_ON,
  callback(_: Address, frame: Address, userData: number) {
    sessions.get(userData)?.onBeginHeaders(frame)
    return 0
  },
})

const onHeader = defineDocumentedCallback({
  name: 'on_header',
  text: 'A field of the header block was decoded and is valid: nghttp2_on_header_callback.',
  parameters: [
    SESSION,
    FRAME,
    { name: 'name', type: 'uintptr_t', text: "the octets of the field's name" },
    { name: 'name_length', type: 'size_t', text: 'how many octets' },
    { name: 'value', type: 'uintptr_t', text: "the octets of the field's value" },
    { name: 'value_length', type: 'size_t', text: 'how many octets' },
    {
      name: 'flags',
      type: 'uint8_t',
      text: 'whether the field is sensitive: NGHTTP2_NV_FLAG_NO_INDEX',
    },
    USER_DATA,
  ],
  result: GO_ON,
  callback(
    _session: Address,
    _frame: Address,
    name: Address,
    nameLength: number,
    value: Address,
    valueLength: number,
    flags: number,
    userData: number,
  ) {
    sessions.get(userData)?.onHeader(name, nameLength, value, valueLength, flags)
    return 0
  },
})

const onFrame = defineDocumentedCallback({
  name: 'on_frame_recv',
  text: 'A whole frame, or header block, was received and is valid: nghttp2_on_frame_recv_callback.',
  parameters: [SESSION, FRAME, USER_DATA],
  result: GO_ON,
  callback(_: Address, frame: Address, userData: number) {
    sessions.get(userData)?.onFrame(frame)
    return 0
  },
})

const onStreamClose = defineDocumentedCallback({
  name: 'on_stream_close',
  text: 'A stream was closed, for any reason: nghttp2_on_stream_close_callback.',
  parameters: [
    SESSION,
    { name: 'stream_id', type: 'int32_t', text: "the stream's identifier" },
    { name: 'error_code', type: 'uint32_t', text: 'an error code of RFC 9113; not used' },
    USER_DATA,
  ],
  result: GO_ON,
  callback(_session: Address, streamId: number, _errorCode: number, userData: number) {
    sessions.get(userData)?.onStreamClose(streamId)
    return 0
  },
})

const readBody = defineDocumentedCallback({
  name: 'data_source_read',
  text: "nghttp2 asks for as much of a response's body as the client's windows allow: nghttp2_data_source_read_callback.",
  parameters: [
    SESSION,
    { name: 'stream_id', type: 'int32_t', text: "the stream's identifier" },
    { name: 'target', type: 'uintptr_t', text: 'where the octets go' },
    { name: 'room', type: 'size_t', text: 'how many octets there is room for' },
    {
      name: 'flags',
      type: 'uintptr_t',
      text: 'a `uint32_t`: NGHTTP2_DATA_FLAG_EOF for the last octets',
    },
    { name: 'source', type: 'uintptr_t', text: 'the `nghttp2_data_source`; not used' },
    USER_DATA,
  ],
  result: {
    type: 'intptr_t',
    text: 'how many octets were written; NGHTTP2_ERR_DEFERRED if there are none yet',
  },
  callback(
    _session: Address,
    streamId: number,
    target: Address,
    room: number,
    flags: Address,
    _source: Address,
    userData: number,
  ) {
    return sessions.get(userData)?.readBody(streamId, target, room, flags) ?? DEFERRED
  },
})

/** The documentation of a function that C code calls. */
export type CallbackDescription = Pick<
  DocumentedCallback,
  'name' | 'text' | 'prototype' | 'documentation'
>

/** The functions of this package that nghttp2 calls. */
export const NGHTTP2_CALLBACKS: readonly CallbackDescription[] = [
  onBeginHeaders,
  onHeader,
  onFrame,
  onStreamClose,
  readBody,
]

/** What the sessions of a thread share. */
export interface SharedCallbacks {
  /** The `nghttp2_session_callbacks`. */
  readonly callbacks: Address
  /** The address of an `nghttp2_data_provider`, which nghttp2 copies. */
  readonly bodyProvider: Address
}

/** An `nghttp2_data_provider`: a source, which is not used, and the function. */
const bodyProvider = Buffer.from(new ArrayBuffer(16))

let shared: SharedCallbacks | undefined

/** Registers the callbacks on the first call. They exist as long as the thread. */
export function sharedCallbacks(): SharedCallbacks {
  shared ??= registerAll(nghttp2())
  return shared
}

function registerAll(library: Nghttp2Library): SharedCallbacks {
  const created = Buffer.alloc(8)
  library.nghttp2_session_callbacks_new(created)
  const callbacks = readAddress(created)
  library.nghttp2_session_callbacks_set_on_begin_headers_callback(
    callbacks,
    register(onBeginHeaders),
  )
  library.nghttp2_session_callbacks_set_on_header_callback(callbacks, register(onHeader))
  library.nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, register(onFrame))
  library.nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, register(onStreamClose))
  writeAddress(bodyProvider, register(readBody), 8)
  return { callbacks, bodyProvider: addressOf(bodyProvider) }
}

function register<Values extends readonly unknown[], Result>(
  callback: DocumentedCallback<Values, Result>,
): Address {
  return toAddress(callbackPointer(callback))
}
