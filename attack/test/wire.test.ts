import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import { createServer } from 'node:tls'
import { Decoder } from '@h2lab/mini-http2/hpack'
import { devTls, readTlsCredentials } from '@h2lab/tls-context'
import { describe, expect, onTestFinished, test } from 'vitest'
import { clientHello } from '../wire/client-hello'
import { headerBlock, settings, windowUpdate } from '../wire/frames'
import {
  huffmanText,
  indexed,
  integer,
  joined,
  literal,
  NEWEST,
  repeated,
} from '../wire/header-blocks'
import { Windows } from '../wire/windows'

describe('a header block', () => {
  test('has integers as in RFC 7541 section C.1', () => {
    expect([...integer(5, 0, 10)]).toEqual([10])
    expect([...integer(5, 0, 1337)]).toEqual([31, 154, 10])
  })

  test('that names a large field often decodes to what it stands for', () => {
    const decoder = new Decoder()
    const cookie = 'x'.repeat(3900)
    expect(decoder.decode(literal('cookie', cookie, true))).toMatchObject({
      fields: [['cookie', cookie]],
    })
    expect(decoder.decode(repeated(indexed(NEWEST), 15))).toMatchObject({
      fields: new Array(15).fill(['cookie', cookie]),
    })
  })

  test('has the longest Huffman codes that fields may have', () => {
    const codes = Uint8Array.of(0xff, 0xff, 0xff, 0xef, 0xff, 0xff, 0xfe)
    const block = joined([Uint8Array.of(0, 1, 0x61), huffmanText(codes)])
    expect(new Decoder().decode(block)).toMatchObject({ fields: [['a', '\xf9\xf9']] })
  })

  test('of any length is split into frames of 16,384 octets', () => {
    const frames = headerBlock(1, new Uint8Array(40_000))
    expect(frames.map((frame) => [frame.length - 9, frame[3], frame[4]])).toEqual([
      [16_384, 1, 1],
      [16_384, 9, 0],
      [7232, 9, 4],
    ])
  })
})

describe('windows', () => {
  test('are those of SETTINGS and WINDOW_UPDATE, however the frames are split', () => {
    const windows = new Windows()
    const octets = Buffer.concat([
      settings([[4, 100_000]]),
      windowUpdate(0, 50_000),
      windowUpdate(1, 5),
    ])
    for (const octet of octets) windows.receive(Buffer.of(octet))
    expect(windows.of(1)).toBe(100_005)
    windows.use(1, 100_000)
    expect(windows.of(1)).toBe(5)
    expect(windows.of(3)).toBe(15_535)
  })
})

describe('a ClientHello', () => {
  test('is answered by a TLS server that chooses h2', async () => {
    const server = createServer({
      ...(await readTlsCredentials(await devTls())),
      ALPNProtocols: ['h2'],
    })
    server.on('tlsClientError', () => {})
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
    onTestFinished(() => {
      socket.destroy()
      server.close()
    })
    socket.write(clientHello())
    const [answer] = (await once(socket, 'data')) as [Buffer]
    // A handshake record with ServerHello, and in it the protocol that was chosen.
    expect([answer[0], answer[5]]).toEqual([22, 2])
    expect(answer.includes(Buffer.from([0, 3, 2, 0x68, 0x32]))).toBe(true)
  })
})
