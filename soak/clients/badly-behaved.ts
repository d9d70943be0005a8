import { once } from 'node:events'
import {
  CLIENT_PREFACE,
  FrameFlag,
  FrameType,
  makeFrame,
  makeSettingsFrame,
} from '@h2lab/mini-http2/frames'
import { encodeWithoutDynamicTable } from '@h2lab/mini-http2/hpack'
import type { Kind } from './kind'
import { type Connection, clientHello, openBoth, openTcp } from './open'
import { pause } from './pause'
import { ask, type Question } from './question'
import type { Random } from './random'

const OPENING = Buffer.concat([CLIENT_PREFACE, makeSettingsFrame({})])

/** Asks, and is cut off in the middle of it. */
export const CUT_OFF: Kind = {
  name: 'cut off',
  behaves: 'badly',
  visitors: 4,
  async visit({ url, answersTo, random, signal }) {
    const connection = await openBoth(url)
    const { stream } = connection
    const frames = Array.from({ length: random.between(1, 20) }, (_, index) => {
      const body = random.isTrue(0.5) ? random.size(16_000) : undefined
      return request(1 + 2 * index, ask(random, answersTo, { octets: 100_000, body }), url)
    })
    const octets = Buffer.concat([OPENING, ...frames])
    stream.write(octets.subarray(0, random.between(1, octets.length)))
    if (random.isTrue(0.7)) stream.resume()
    await pause(random.between(0, 50), signal)
    leave(connection, random)
  },
}

/** Leaves before or within its TLS handshake, or its preface. */
export const HALF_HANDSHAKE: Kind = {
  name: 'half handshake',
  behaves: 'badly',
  visitors: 4,
  async visit({ url, random, signal }) {
    const tcp = await openTcp(url)
    const first = url.protocol === 'https:' ? await hello() : OPENING
    tcp.write(first.subarray(0, random.between(0, first.length)))
    tcp.resume()
    await pause(random.between(0, 300), signal)
    leave({ tcp, stream: tcp }, random)
  },
}

/** Sends what RFC 9113 forbids, and waits until it is sent away. */
export const BAD_FRAMES: Kind = {
  name: 'bad frames',
  behaves: 'badly',
  visitors: 3,
  async visit({ url, random, signal }) {
    const connection = await openBoth(url)
    const { stream } = connection
    stream.resume()
    const bad = random.oneOf(BAD)
    stream.write(random.isTrue(0.1) ? bad : Buffer.concat([OPENING, bad]))
    await Promise.race([once(stream, 'close'), pause(3000, signal)])
    leave(connection, random)
  },
}

const BAD: readonly Uint8Array[] = [
  // No frame at all.
  Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'),
  // On stream 0, or with a wrong length: RFC 9113 sections 6.1, 6.4, 6.5, 6.7 and 6.9.
  makeFrame(FrameType.DATA, 0, 0, Buffer.from('data')),
  makeFrame(FrameType.RST_STREAM, 0, 1, Buffer.alloc(3)),
  makeFrame(FrameType.SETTINGS, 0, 0, Buffer.alloc(7)),
  makeFrame(FrameType.PING, 0, 0, Buffer.alloc(9)),
  makeFrame(FrameType.WINDOW_UPDATE, 0, 0, Buffer.alloc(4)),
  // A header block that HPACK can't read, one that nothing follows, and one on an even stream.
  makeFrame(FrameType.HEADERS, FrameFlag.END_HEADERS, 1, Buffer.from('ffffffffffff', 'hex')),
  Buffer.concat([makeFrame(FrameType.HEADERS, 0, 1, Buffer.of(0x82)), CLIENT_PREFACE]),
  makeFrame(FrameType.HEADERS, FrameFlag.END_HEADERS, 2, Buffer.of(0x82)),
  makeFrame(FrameType.CONTINUATION, FrameFlag.END_HEADERS, 1, Buffer.of(0x82)),
  // Longer than any frame may be.
  Buffer.from('ffffff000000000001', 'hex'),
  makeFrame(FrameType.PUSH_PROMISE, FrameFlag.END_HEADERS, 1, Buffer.alloc(4)),
]

/** Reads nothing of what it has asked for, and leaves then. */
export const NON_READER: Kind = {
  name: 'non-reader',
  behaves: 'badly',
  visitors: 2,
  async visit({ url, answersTo, random, signal }) {
    const connection = await openBoth(url)
    const { stream } = connection
    stream.pause()
    const frames = Array.from({ length: 20 }, (_, index) =>
      request(1 + 2 * index, ask(random, answersTo, { octets: 500_000 }), url),
    )
    const wide = makeSettingsFrame({ INITIAL_WINDOW_SIZE: 2 ** 31 - 1 })
    stream.write(Buffer.concat([CLIENT_PREFACE, wide, ...frames]))
    await pause(random.between(500, 2000), signal)
    leave(connection, random)
  },
}

function request(streamId: number, { method, path, body }: Question, url: URL): Uint8Array {
  const block = encodeWithoutDynamicTable([
    [':method', method],
    [':scheme', url.protocol.slice(0, -1)],
    [':authority', url.host],
    [':path', path],
  ])
  const flags = FrameFlag.END_HEADERS | (body === undefined ? FrameFlag.END_STREAM : 0)
  const head = makeFrame(FrameType.HEADERS, flags, streamId, block)
  if (body === undefined) return head
  return Buffer.concat([head, makeFrame(FrameType.DATA, FrameFlag.END_STREAM, streamId, body)])
}

function leave({ tcp, stream }: Connection, random: Random): void {
  switch (random.between(0, 2)) {
    case 0:
      // In good order: what the server still sends is read, but not for long.
      stream.end()
      stream.resume()
      setTimeout(() => tcp.destroy(), 200)
      break
    case 1:
      tcp.destroy()
      break
    default:
      tcp.resetAndDestroy()
  }
}

let made: Promise<Buffer> | undefined

/** Made once: no server looks whether it has come before. */
function hello(): Promise<Buffer> {
  made ??= clientHello()
  return made
}
