import { concatenate, type OctetVector, octetize } from '@h2lab/octets'
import { describe, expect, test } from 'vitest'
import { type FieldList, type Handler, prebuildResponse } from '../../src'
import type { ErrorCodeName } from '../../src/frame/error-code'
import { CLIENT_PREFACE } from '../../src/frames'
import { encodeWithoutDynamicTable } from '../../src/hpack'
import { exchange, type Outcome } from '../support/exchange'
import {
  continuationFrame,
  dataFrame,
  goawayFrame,
  headersFrame,
  hex,
  pingFrame,
  priorityFrame,
  pushPromiseFrame,
  rawFrame,
  rstStreamFrame,
  settingsFrame,
  windowUpdateFrame,
} from '../support/frames'
import { AT_ONCE, answersWith, Conversation, dataLength } from '../support/http2'
import { GET, http2Connection, POST } from '../support/http2-messages'

/*
 * The 147 cases of h2spec 2.6.0 (generic, hpack, http2), by number: the frames it sends and the
 * results it accepts. h2spec sends most frames of a case at once, without waiting for answers. The
 * cases run against applications that answer each request as soon as its head arrives, even before
 * its end, so some frames arrive on streams that are already closed.
 */

/** What h2spec accepts. */
type Expected =
  /** A response on a stream. */
  | { readonly answer: number }
  /** An acknowledgement of the last PING, or of SETTINGS. */
  | { readonly acknowledgement: 'PING' | 'SETTINGS' }
  /** The first DATA frames on stream 1 have these lengths. */
  | { readonly data: readonly number[] }
  /** GOAWAY with one of the codes, and the connection is closed. */
  | { readonly connectionError: readonly ErrorCodeName[] }
  /** RST_STREAM or GOAWAY with one of the codes. */
  | { readonly streamError: readonly ErrorCodeName[] }

type Case = readonly [title: string, input: readonly OctetVector[], expected: Expected]

const block = (fields: FieldList) => encodeWithoutDynamicTable(fields)
const get = (id = 1) => headersFrame(id, block(GET), { endStream: true })
const openGet = (id = 1) => headersFrame(id, block(GET))
const openPost = (id = 1) => headersFrame(id, block(POST))
/** The fields that h2spec adds to fill header blocks. */
const dummyFields = (count: number): FieldList =>
  Array.from({ length: count }, (_, index) => [`x-dummy${index}`, 'x'.repeat(4000)] as const)
const dummy = block(dummyFields(1))
const withField = (...fields: FieldList) =>
  headersFrame(1, block([...GET, ...fields]), { endStream: true })
/** A GET request with a representation after its fields. */
const withOctets = (digits: string) =>
  headersFrame(1, concatenate(block(GET), hex(digits)), { endStream: true })
const large = (length: number) => new Uint8Array(length)
const unknown = rawFrame(0x16, 0, 0, large(8))

const answer = { answer: 1 }
const ping = { acknowledgement: 'PING' } as const
const connectionError = (...codes: ErrorCodeName[]) => ({ connectionError: codes })
const streamError = (...codes: ErrorCodeName[]) => ({ streamError: codes })

const LITERALS: readonly (readonly [string, string])[] = [
  ['5/1 an indexed field', 'ba'],
  ['5/2 incremental indexing, indexed name', '40 87 b5 05 b1 61 cc 5a 93 84 9c 48 ac a4'],
  ['5/3 the same without Huffman code', '40 0a 75 73 65 72 2d 61 67 65 6e 74 06 68 32 73 70 65 63'],
  ['5/4 incremental indexing, new name', '40 06 78 2d 74 65 73 74 06 68 32 73 70 65 63'],
  ['5/5 the same with Huffman code', '40 85 f2 b2 4a 84 ff 84 9c 48 ac a4'],
  [
    '5/6 without indexing, indexed name',
    '00 0a 75 73 65 72 2d 61 67 65 6e 74 06 68 32 73 70 65 63',
  ],
  ['5/7 the same with Huffman code', '00 87 b5 05 b1 61 cc 5a 93 84 9c 48 ac a4'],
  ['5/8 without indexing, new name', '00 06 78 2d 74 65 73 74 06 68 32 73 70 65 63'],
  ['5/9 the same with Huffman code', '00 85 f2 b2 4a 84 ff 84 9c 48 ac a4'],
  ['5/10 never indexed, indexed name', '10 0a 75 73 65 72 2d 61 67 65 6e 74 06 68 32 73 70 65 63'],
  ['5/11 the same with Huffman code', '10 87 b5 05 b1 61 cc 5a 93 84 9c 48 ac a4'],
  ['5/12 never indexed, new name', '10 85 f2 b2 4a 84 ff 84 9c 48 ac a4'],
  ['5/13 the same once more', '10 85 f2 b2 4a 84 ff 84 9c 48 ac a4'],
]

const GENERIC: readonly Case[] = [
  ['2/1 PRIORITY on an idle stream', [priorityFrame(1, { weight: 256 }), pingFrame()], ping],
  [
    '2/2 WINDOW_UPDATE on a half-closed (remote) stream',
    [settingsFrame({ INITIAL_WINDOW_SIZE: 0 }), get(), windowUpdateFrame(1, 1)],
    { data: [1] },
  ],
  [
    '2/3 PRIORITY on a half-closed (remote) stream',
    [
      settingsFrame({ INITIAL_WINDOW_SIZE: 0 }),
      get(),
      priorityFrame(1, { weight: 256 }),
      windowUpdateFrame(1, 1),
    ],
    { data: [1] },
  ],
  [
    '2/4 RST_STREAM on a half-closed (remote) stream',
    [get(), rstStreamFrame(1), pingFrame()],
    ping,
  ],
  [
    '2/5 PRIORITY on a closed stream',
    [get(), priorityFrame(1, { weight: 256 }), pingFrame()],
    ping,
  ],
  ['3.1/1 a DATA frame', [openPost(), dataFrame(1, 'test', { endStream: true })], answer],
  [
    '3.1/2 several DATA frames',
    [openPost(), dataFrame(1, 'test'), dataFrame(1, 'test', { endStream: true })],
    answer,
  ],
  [
    '3.1/3 a DATA frame with padding',
    [openPost(), dataFrame(1, 'test', { endStream: true, padding: 5 })],
    answer,
  ],
  ['3.2/1 a HEADERS frame', [get()], answer],
  [
    '3.2/2 a HEADERS frame with padding',
    [headersFrame(1, block(GET), { endStream: true, padding: 8 })],
    answer,
  ],
  [
    '3.2/3 a HEADERS frame with priority',
    [headersFrame(1, block(GET), { endStream: true, priority: { exclusive: false, weight: 256 } })],
    answer,
  ],
  ['3.3/1 PRIORITY with weight 1', [priorityFrame(1, { weight: 1 }), get()], answer],
  ['3.3/2 PRIORITY with weight 256', [priorityFrame(1, { weight: 256 }), get()], answer],
  [
    '3.3/3 PRIORITY with a dependency',
    [priorityFrame(3, { streamDependency: 1, weight: 1 }), get()],
    answer,
  ],
  ['3.3/4 PRIORITY, exclusive', [priorityFrame(1, { exclusive: true, weight: 1 }), get()], answer],
  [
    '3.3/5 PRIORITY for an idle stream, then HEADERS for a lower one',
    [priorityFrame(3, { weight: 256 }), get()],
    answer,
  ],
  ['3.4/1 RST_STREAM', [openGet(), rstStreamFrame(1), pingFrame()], ping],
  [
    '3.5/1 SETTINGS',
    [
      settingsFrame({
        HEADER_TABLE_SIZE: 4096,
        ENABLE_PUSH: 1,
        MAX_CONCURRENT_STREAMS: 100,
        INITIAL_WINDOW_SIZE: 65_535,
        MAX_FRAME_SIZE: 16_384,
        MAX_HEADER_LIST_SIZE: 100,
      }),
    ],
    { acknowledgement: 'SETTINGS' },
  ],
  ['3.7/1 PING', [pingFrame()], ping],
  ['3.8/1 GOAWAY', [goawayFrame(), pingFrame()], connectionError('NO_ERROR')],
  ['3.9/1 WINDOW_UPDATE on the connection', [windowUpdateFrame(0, 1), pingFrame()], ping],
  ['3.9/2 WINDOW_UPDATE on a stream', [get(), windowUpdateFrame(1, 1)], answer],
  [
    '3.10/1 CONTINUATION',
    [
      headersFrame(1, block(GET).subarray(0, 5), { endStream: true, endHeaders: false }),
      continuationFrame(1, block(GET).subarray(5)),
    ],
    answer,
  ],
  [
    '3.10/2 several CONTINUATION',
    [
      headersFrame(1, block(GET).subarray(0, 5), { endStream: true, endHeaders: false }),
      continuationFrame(1, block(GET).subarray(5, 10), { endHeaders: false }),
      continuationFrame(1, block(GET).subarray(10)),
    ],
    answer,
  ],
  ['4/1 GET', [get()], answer],
  [
    '4/2 HEAD',
    [headersFrame(1, block([[':method', 'HEAD'], ...GET.slice(1)]), { endStream: true })],
    answer,
  ],
  ['4/3 POST', [openPost(), dataFrame(1, 'test', { endStream: true })], answer],
  [
    '4/4 POST with trailers',
    [
      headersFrame(1, block([...POST, ['trailer', 'x-test']])),
      dataFrame(1, 'test'),
      headersFrame(1, block([['x-test', 'ok']]), { endStream: true }),
    ],
    answer,
  ],
  ...LITERALS.map(([title, digits]): Case => [title, [withOctets(digits)], answer]),
  [
    '5/14 a dynamic table size update',
    [headersFrame(1, concatenate(hex('3f 61'), block(GET)), { endStream: true })],
    answer,
  ],
  [
    '5/15 several of them',
    [headersFrame(1, concatenate(hex('3f 61 3f e1 1f'), block(GET)), { endStream: true })],
    answer,
  ],
]

const HPACK: readonly Case[] = [
  [
    '2.3.3/1 an indexed field with an invalid index',
    [withOctets('c6')],
    connectionError('COMPRESSION_ERROR'),
  ],
  [
    '2.3.3/2 a literal with an invalid index',
    [withOctets('7f 07 00')],
    connectionError('COMPRESSION_ERROR'),
  ],
  [
    '4.2/1 a size update at the end of a block',
    [withOctets('21')],
    connectionError('COMPRESSION_ERROR'),
  ],
  [
    '5.2/1 Huffman padding longer than 7 bits',
    [withOctets('00 85 f2 b2 4a 84 ff 84 49 50 9f ff')],
    connectionError('COMPRESSION_ERROR'),
  ],
  [
    '5.2/2 Huffman padding of zeros',
    [withOctets('00 85 f2 b2 4a 84 ff 83 49 50 90')],
    connectionError('COMPRESSION_ERROR'),
  ],
  [
    '5.2/3 a Huffman code with EOS',
    [withOctets('00 85 f2 b2 4a 84 ff 87 49 51 ff ff ff fa 7f')],
    connectionError('COMPRESSION_ERROR'),
  ],
  ['6.1/1 index 0', [withOctets('80')], connectionError('COMPRESSION_ERROR')],
  [
    '6.3/1 a size update larger than SETTINGS_HEADER_TABLE_SIZE',
    [headersFrame(1, concatenate(hex('3f e2 1f'), block(GET)), { endStream: true })],
    connectionError('COMPRESSION_ERROR'),
  ],
]

const HTTP2: readonly Case[] = [
  ['4.1/1 a frame of unknown type', [unknown, pingFrame()], ping],
  ['4.1/2 a frame with an undefined flag', [rawFrame(0x06, 0x16, 0, large(8))], ping],
  ['4.1/3 a frame with the reserved bit', [rawFrame(0x06, 0x16, 2 ** 31, large(8))], ping],
  [
    '4.2/1 DATA of 2^14 octets',
    [openPost(), dataFrame(1, large(16_384), { endStream: true })],
    answer,
  ],
  [
    '4.2/2 DATA larger than SETTINGS_MAX_FRAME_SIZE',
    [openPost(), dataFrame(1, large(16_385), { endStream: true })],
    streamError('FRAME_SIZE_ERROR'),
  ],
  [
    '4.2/3 HEADERS larger than SETTINGS_MAX_FRAME_SIZE',
    [withField(...dummyFields(5))],
    connectionError('FRAME_SIZE_ERROR'),
  ],
  [
    '4.3/1 an invalid header block',
    [headersFrame(1, hex('40'), { endStream: true })],
    connectionError('COMPRESSION_ERROR'),
  ],
  [
    '4.3/2 PRIORITY inside a header block',
    [
      headersFrame(1, block(GET), { endHeaders: false }),
      priorityFrame(1, { weight: 256 }),
      continuationFrame(1, dummy),
    ],
    connectionError('PROTOCOL_ERROR'),
  ],
  [
    '4.3/3 HEADERS of another stream inside a header block',
    [headersFrame(1, block(GET), { endHeaders: false }), get(3), continuationFrame(1, dummy)],
    connectionError('PROTOCOL_ERROR'),
  ],
  [
    '5.1/1 idle: DATA',
    [dataFrame(1, 'test', { endStream: true })],
    connectionError('PROTOCOL_ERROR'),
  ],
  ['5.1/2 idle: RST_STREAM', [rstStreamFrame(1)], connectionError('PROTOCOL_ERROR')],
  ['5.1/3 idle: WINDOW_UPDATE', [windowUpdateFrame(1, 100)], connectionError('PROTOCOL_ERROR')],
  [
    '5.1/4 idle: CONTINUATION',
    [continuationFrame(1, block(GET))],
    connectionError('PROTOCOL_ERROR'),
  ],
  [
    '5.1/5 half-closed (remote): DATA',
    [get(), dataFrame(1, 'test', { endStream: true })],
    streamError('STREAM_CLOSED'),
  ],
  ['5.1/6 half-closed (remote): HEADERS', [get(), get()], streamError('STREAM_CLOSED')],
  [
    '5.1/7 half-closed (remote): CONTINUATION',
    [get(), continuationFrame(1, block(GET))],
    streamError('STREAM_CLOSED', 'PROTOCOL_ERROR'),
  ],
  [
    '5.1/8 closed by RST_STREAM: DATA',
    [openGet(), rstStreamFrame(1), dataFrame(1, 'test', { endStream: true })],
    streamError('STREAM_CLOSED'),
  ],
  [
    '5.1/9 closed by RST_STREAM: HEADERS',
    [openGet(), rstStreamFrame(1), get()],
    streamError('STREAM_CLOSED'),
  ],
  [
    '5.1/10 closed by RST_STREAM: CONTINUATION',
    [openGet(), rstStreamFrame(1), continuationFrame(1, dummy)],
    streamError('STREAM_CLOSED', 'PROTOCOL_ERROR'),
  ],
  [
    '5.1/11 closed: DATA',
    [get(), dataFrame(1, 'test', { endStream: true })],
    connectionError('STREAM_CLOSED'),
  ],
  ['5.1/12 closed: HEADERS', [get(), get()], connectionError('STREAM_CLOSED')],
  [
    '5.1/13 closed: CONTINUATION',
    [get(), continuationFrame(1, dummy)],
    connectionError('STREAM_CLOSED', 'PROTOCOL_ERROR'),
  ],
  ['5.1.1/1 an even stream identifier', [get(2)], connectionError('PROTOCOL_ERROR')],
  ['5.1.1/2 a lower stream identifier', [get(5), get(3)], connectionError('PROTOCOL_ERROR')],
  [
    '5.1.2/1 more streams than SETTINGS_MAX_CONCURRENT_STREAMS',
    [
      settingsFrame({ INITIAL_WINDOW_SIZE: 0 }),
      ...Array.from({ length: 129 }, (_, index) => get(2 * index + 1)),
    ],
    streamError('PROTOCOL_ERROR', 'REFUSED_STREAM'),
  ],
  [
    '5.3.1/1 HEADERS that depend on themselves',
    [
      headersFrame(1, block(GET), {
        endStream: true,
        priority: { streamDependency: 1, weight: 256 },
      }),
    ],
    streamError('PROTOCOL_ERROR'),
  ],
  [
    '5.3.1/2 PRIORITY that depends on itself',
    [priorityFrame(1, { streamDependency: 1, weight: 256 })],
    streamError('PROTOCOL_ERROR'),
  ],
  [
    '5.4.1/1 an invalid PING closes',
    [rawFrame(0x06, 0, 3, large(8))],
    connectionError('PROTOCOL_ERROR'),
  ],
  [
    '5.4.1/2 and is answered with GOAWAY',
    [rawFrame(0x06, 0, 3, large(8))],
    connectionError('PROTOCOL_ERROR'),
  ],
  ['5.5/1 an unknown extension', [unknown, pingFrame()], ping],
  [
    '5.5/2 an unknown extension inside a header block',
    [headersFrame(1, block(GET), { endStream: true, endHeaders: false }), unknown],
    connectionError('PROTOCOL_ERROR'),
  ],
  [
    '6.1/1 DATA on stream 0',
    [dataFrame(0, 'test', { endStream: true })],
    connectionError('PROTOCOL_ERROR'),
  ],
  [
    '6.1/2 DATA on a stream that is not open',
    [headersFrame(1, block(POST), { endStream: true }), dataFrame(1, 'test', { endStream: true })],
    streamError('STREAM_CLOSED'),
  ],
  [
    '6.1/3 DATA with invalid padding',
    [
      headersFrame(1, block([...POST, ['content-length', '4']])),
      rawFrame(0x00, 0x09, 1, '\x06\x54\x65\x73\x74'),
    ],
    connectionError('PROTOCOL_ERROR'),
  ],
  [
    '6.2/1 HEADERS without END_HEADERS, and PRIORITY',
    [
      headersFrame(1, block(GET), { endHeaders: false }),
      priorityFrame(1, { weight: 256 }),
      continuationFrame(1, dummy),
    ],
    connectionError('PROTOCOL_ERROR'),
  ],
  [
    '6.2/2 HEADERS of another stream inside a header block',
    [headersFrame(1, block(GET), { endHeaders: false }), get(3), continuationFrame(1, dummy)],
    connectionError('PROTOCOL_ERROR'),
  ],
  ['6.2/3 HEADERS on stream 0', [get(0)], connectionError('PROTOCOL_ERROR')],
  [
    '6.2/4 HEADERS with invalid padding',
    [rawFrame(0x01, 0x0d, 1, concatenate(Uint8Array.of(block(GET).length + 2), block(GET)))],
    connectionError('PROTOCOL_ERROR'),
  ],
  [
    '6.3/1 PRIORITY on stream 0',
    [priorityFrame(0, { weight: 256 })],
    connectionError('PROTOCOL_ERROR'),
  ],
  [
    '6.3/2 PRIORITY of 4 octets, behind a request',
    [get(), rawFrame(0x02, 0, 1, hex('80 00 00 01'))],
    streamError('FRAME_SIZE_ERROR'),
  ],
  ['6.4/1 RST_STREAM on stream 0', [rstStreamFrame(0)], connectionError('PROTOCOL_ERROR')],
  ['6.4/2 RST_STREAM on an idle stream', [rstStreamFrame(1)], connectionError('PROTOCOL_ERROR')],
  [
    '6.4/3 RST_STREAM of 3 octets, behind a request',
    [get(), rawFrame(0x03, 0, 1, large(3))],
    connectionError('FRAME_SIZE_ERROR'),
  ],
  [
    '6.5/1 SETTINGS with ACK and payload',
    [rawFrame(0x04, 1, 0, large(1))],
    connectionError('FRAME_SIZE_ERROR'),
  ],
  [
    '6.5/2 SETTINGS on stream 1',
    [rawFrame(0x04, 0, 1, hex('00 03 00 00 00 64'))],
    connectionError('PROTOCOL_ERROR'),
  ],
  [
    '6.5/3 SETTINGS of 3 octets',
    [rawFrame(0x04, 0, 0, hex('00 03 00'))],
    connectionError('FRAME_SIZE_ERROR'),
  ],
  [
    '6.5.2/1 ENABLE_PUSH of 2',
    [settingsFrame({ ENABLE_PUSH: 2 })],
    connectionError('PROTOCOL_ERROR'),
  ],
  [
    '6.5.2/2 INITIAL_WINDOW_SIZE of 2^31',
    [settingsFrame({ INITIAL_WINDOW_SIZE: 2 ** 31 })],
    connectionError('FLOW_CONTROL_ERROR'),
  ],
  [
    '6.5.2/3 MAX_FRAME_SIZE below 2^14',
    [settingsFrame({ MAX_FRAME_SIZE: 16_383 })],
    connectionError('PROTOCOL_ERROR'),
  ],
  [
    '6.5.2/4 MAX_FRAME_SIZE of 2^24',
    [settingsFrame({ MAX_FRAME_SIZE: 2 ** 24 })],
    connectionError('PROTOCOL_ERROR'),
  ],
  ['6.5.2/5 an unknown parameter', [settingsFrame([[0xff, 1]]), pingFrame()], ping],
  [
    '6.5.3/1 two values of INITIAL_WINDOW_SIZE',
    [
      settingsFrame([
        [4, 100],
        [4, 1],
      ]),
      get(),
    ],
    { data: [1] },
  ],
  [
    '6.5.3/2 SETTINGS without ACK',
    [settingsFrame({ ENABLE_PUSH: 0 })],
    { acknowledgement: 'SETTINGS' },
  ],
  ['6.7/1 PING', [pingFrame()], ping],
  ['6.7/2 PING with ACK, and PING', [pingFrame('invalid.', { ack: true }), pingFrame()], ping],
  ['6.7/3 PING on stream 1', [rawFrame(0x06, 0, 1, large(8))], connectionError('PROTOCOL_ERROR')],
  ['6.7/4 PING of 6 octets', [pingFrame(large(6))], connectionError('FRAME_SIZE_ERROR')],
  ['6.8/1 GOAWAY on stream 1', [rawFrame(0x07, 0, 1, large(8))], connectionError('PROTOCOL_ERROR')],
  ['6.9/1 WINDOW_UPDATE of 0 octets', [windowUpdateFrame(0, 0)], connectionError('PROTOCOL_ERROR')],
  [
    '6.9/2 the same on a stream',
    [openGet(), windowUpdateFrame(1, 0)],
    streamError('PROTOCOL_ERROR'),
  ],
  [
    '6.9/3 WINDOW_UPDATE of 3 octets',
    [rawFrame(0x08, 0, 0, hex('00 00 01'))],
    connectionError('FRAME_SIZE_ERROR'),
  ],
  [
    '6.9.1/1 INITIAL_WINDOW_SIZE of 1',
    [settingsFrame({ INITIAL_WINDOW_SIZE: 1 }), get()],
    { data: [1] },
  ],
  [
    '6.9.1/2 a window of the connection above 2^31 - 1',
    [windowUpdateFrame(0, 2 ** 31 - 1), windowUpdateFrame(0, 2 ** 31 - 1)],
    connectionError('FLOW_CONTROL_ERROR'),
  ],
  [
    '6.9.1/3 a window of a stream above 2^31 - 1',
    [openGet(), windowUpdateFrame(1, 2 ** 31 - 1), windowUpdateFrame(1, 2 ** 31 - 1)],
    streamError('FLOW_CONTROL_ERROR'),
  ],
  [
    '6.9.2/1 INITIAL_WINDOW_SIZE changes behind HEADERS',
    [settingsFrame({ INITIAL_WINDOW_SIZE: 0 }), get(), settingsFrame({ INITIAL_WINDOW_SIZE: 1 })],
    { data: [1] },
  ],
  [
    '6.9.2/3 INITIAL_WINDOW_SIZE above the largest window',
    [settingsFrame({ INITIAL_WINDOW_SIZE: 2 ** 31 })],
    connectionError('FLOW_CONTROL_ERROR'),
  ],
  [
    '6.10/1 several CONTINUATION behind HEADERS',
    [
      headersFrame(1, block(GET), { endStream: true, endHeaders: false }),
      continuationFrame(1, dummy, { endHeaders: false }),
      continuationFrame(1, dummy),
    ],
    answer,
  ],
  [
    '6.10/2 another frame behind CONTINUATION',
    [
      headersFrame(1, block(POST), { endHeaders: false }),
      continuationFrame(1, dummy, { endHeaders: false }),
      dataFrame(1, 'test', { endStream: true }),
    ],
    connectionError('PROTOCOL_ERROR'),
  ],
  [
    '6.10/3 CONTINUATION on stream 0',
    [
      headersFrame(1, block(GET), { endStream: true, endHeaders: false }),
      continuationFrame(0, dummy),
    ],
    connectionError('PROTOCOL_ERROR'),
  ],
  [
    '6.10/4 CONTINUATION behind HEADERS with END_HEADERS',
    [get(), continuationFrame(1, dummy)],
    connectionError('PROTOCOL_ERROR'),
  ],
  [
    '6.10/5 CONTINUATION behind one with END_HEADERS',
    [
      headersFrame(1, block(GET), { endStream: true, endHeaders: false }),
      continuationFrame(1, dummy),
      continuationFrame(1, dummy),
    ],
    connectionError('PROTOCOL_ERROR'),
  ],
  [
    '6.10/6 CONTINUATION behind DATA',
    [
      headersFrame(1, block(POST), { endHeaders: false }),
      dataFrame(1, 'test', { endStream: true }),
      continuationFrame(1, dummy, { endHeaders: false }),
      continuationFrame(0, dummy),
    ],
    connectionError('PROTOCOL_ERROR'),
  ],
  [
    '7/1 GOAWAY with an unknown error code',
    [goawayFrame(0, 0xff), pingFrame()],
    connectionError('NO_ERROR'),
  ],
  [
    '7/2 RST_STREAM with an unknown error code',
    [openPost(), rstStreamFrame(1, 0xff), pingFrame()],
    ping,
  ],
  [
    '8.1/1 second HEADERS without END_STREAM',
    [openPost(), dataFrame(1, 'test'), headersFrame(1, block([['x-test', 'ok']]))],
    streamError('PROTOCOL_ERROR'),
  ],
  [
    '8.1.2/1 a field name in upper case',
    [withField(['X-TEST', 'ok'])],
    streamError('PROTOCOL_ERROR'),
  ],
  [
    '8.1.2.1/1 an unknown pseudo-header field',
    [withField([':test', 'ok'])],
    streamError('PROTOCOL_ERROR'),
  ],
  ['8.1.2.1/2 one of responses', [withField([':status', '200'])], streamError('PROTOCOL_ERROR')],
  [
    '8.1.2.1/3 one in trailers',
    [openPost(), dataFrame(1, 'test'), headersFrame(1, block([[':method', 'POST']]))],
    streamError('PROTOCOL_ERROR'),
  ],
  [
    '8.1.2.1/4 those behind regular fields',
    [headersFrame(1, block([['x-test', 'ok'], ...GET]), { endStream: true })],
    streamError('PROTOCOL_ERROR'),
  ],
  [
    '8.1.2.2/1 a connection-specific field',
    [withField(['connection', 'keep-alive'])],
    streamError('PROTOCOL_ERROR'),
  ],
  [
    '8.1.2.2/2 te other than trailers',
    [withField(['trailers', 'test'], ['te', 'trailers, deflate'])],
    streamError('PROTOCOL_ERROR'),
  ],
  [
    '8.1.2.3/1 an empty :path',
    [headersFrame(1, block([...GET.slice(0, 3), [':path', '']]), { endStream: true })],
    streamError('PROTOCOL_ERROR'),
  ],
  ...[
    ['8.1.2.3/2 no :method', ':method'],
    ['8.1.2.3/3 no :scheme', ':scheme'],
    ['8.1.2.3/4 no :path', ':path'],
  ].map(
    ([title, left]): Case => [
      title as string,
      [headersFrame(1, block(GET.filter(([name]) => name !== left)), { endStream: true })],
      streamError('PROTOCOL_ERROR'),
    ],
  ),
  ['8.1.2.3/5 :method twice', [withField([':method', 'GET'])], streamError('PROTOCOL_ERROR')],
  ['8.1.2.3/6 :scheme twice', [withField([':scheme', 'https'])], streamError('PROTOCOL_ERROR')],
  ['8.1.2.3/7 :path twice', [withField([':path', '/'])], streamError('PROTOCOL_ERROR')],
  [
    '8.1.2.6/1 content-length is not the length of DATA',
    [
      headersFrame(1, block([...POST, ['content-length', '1']])),
      dataFrame(1, 'test', { endStream: true }),
    ],
    streamError('PROTOCOL_ERROR'),
  ],
  [
    '8.1.2.6/2 nor that of several',
    [
      headersFrame(1, block([...POST, ['content-length', '1']])),
      dataFrame(1, 'test'),
      dataFrame(1, 'test', { endStream: true }),
    ],
    streamError('PROTOCOL_ERROR'),
  ],
  ['8.2/1 PUSH_PROMISE', [pushPromiseFrame(1, 3, block(GET))], connectionError('PROTOCOL_ERROR')],
]

const APPS: readonly (readonly [string, Parameters<typeof answersWith>[0]['app']])[] = [
  ['a handler that answers at once', AT_ONCE],
  ['a prebuilt response', prebuildResponse({ body: 'Hello World\n' })],
  [
    'a handler that answers in two steps, at once',
    (_, response) => {
      response.writeHead(200)
      response.end('Hello World\n')
    },
  ],
]

describe.each(APPS)('with %s, h2spec', (_, app) => {
  describe.each([
    ['generic', GENERIC],
    ['hpack', HPACK],
    ['http2', HTTP2],
  ] as const)('%s', (_, cases) => {
    test.each(cases)('%s', (_, input, expected) => {
      expectAccepted(answersWith({ app }, ...input), expected)
    })
  })

  test('generic 1/1 and http2 3.5/1 a client preface is answered with SETTINGS', () => {
    const { frames } = exchange(
      () => http2Connection(app as Handler),
      CLIENT_PREFACE,
      settingsFrame(),
    )
    expect(frames).toMatchObject([
      { type: 'SETTINGS', flags: [] },
      { type: 'WINDOW_UPDATE' },
      { type: 'SETTINGS', flags: ['ACK'] },
    ])
  })

  test('http2 3.5/2 an invalid one closes the connection', () => {
    const { state } = exchange(
      () => http2Connection(app as Handler),
      octetize('INVALID CONNECTION PREFACE\r\n\r\n'),
    )
    expect(state).toBe('closed')
  })

  test('http2 6.9.2/2 a window that SETTINGS make negative is kept account of', () => {
    const conversation = new Conversation({ app, settings: { INITIAL_WINDOW_SIZE: 3 } })
    expect(dataLength(conversation.send(get()), 1)).toBe(3)
    expect(conversation.send(settingsFrame({ INITIAL_WINDOW_SIZE: 2 }))).toHaveLength(1)
    expect(dataLength(conversation.send(windowUpdateFrame(1, 2)), 1)).toBe(1)
  })
})

function expectAccepted({ frames, state }: Outcome, expected: Expected): void {
  if ('answer' in expected) {
    const { answer: streamId } = expected
    expect(frames).toContainEqual(expect.objectContaining({ type: 'HEADERS', streamId }))
    expect(state).toBe('open')
  } else if ('acknowledgement' in expected) {
    const { acknowledgement: type } = expected
    expect(frames).toContainEqual(expect.objectContaining({ type, flags: ['ACK'] }))
    expect(state).toBe('open')
  } else if ('data' in expected) {
    const lengths = frames.flatMap((frame) => (frame.type === 'DATA' ? [frame.length] : []))
    expect(lengths).toEqual(expected.data)
  } else if ('connectionError' in expected) {
    const last = frames.at(-1)
    expect(expected.connectionError).toContain(last?.type === 'GOAWAY' && last.errorCode)
    expect(state).toBe('closed')
  } else {
    const codes = frames.flatMap((frame) =>
      frame.type === 'GOAWAY' || frame.type === 'RST_STREAM' ? [frame.errorCode] : [],
    )
    expect(expected.streamError).toContain(codes.at(-1))
  }
}
