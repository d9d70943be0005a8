import type { OctetVector } from '@h2lab/octets'
import { describe, expect, test } from 'vitest'
import type { FrameFault } from '../../src/frame/frame-fault'
import { readFrame } from '../../src/frame/read-frame'
import { makeRstStreamFrame } from '../../src/frame/rst-stream'
import { makeWindowUpdateFrame } from '../../src/frame/window-update'
import { ErrorCode, makeGoawayFrame, makeSettingsFrame, SETTINGS_ACK_FRAME } from '../../src/frames'
import {
  continuationFrame,
  dataFrame,
  goawayFrame,
  headersFrame,
  hex,
  pingFrame,
  priorityFrame,
  priorityUpdateFrame,
  pushPromiseFrame,
  rawFrame,
  rstStreamFrame,
  settingsAckFrame,
  settingsFrame,
  windowUpdateFrame,
} from '../support/frames'

const abc = hex('616263')

function expectFrame(octets: OctetVector) {
  const result = readFrame(octets)
  return expect(result.state === 'read' ? result.frame : result)
}

function expectFault(
  octets: OctetVector,
  code: FrameFault['code'],
  scope: FrameFault['scope'] = 'connection',
): void {
  expect(readFrame(octets)).toMatchObject({ state: 'invalid', fault: { code, scope } })
}

describe('6.1 DATA', () => {
  test('carries content, padded or not', () => {
    expectFrame(dataFrame(1, 'abc')).toMatchObject({ type: 'DATA', data: abc, padding: undefined })
    expectFrame(dataFrame(1, 'abc', { padding: 0 })).toMatchObject({ data: abc, padding: 0 })
    expectFrame(dataFrame(1, 'abc', { padding: 255 })).toMatchObject({ data: abc, padding: 255 })
  })

  test('may have no content, and padding only', () => {
    expectFrame(dataFrame(1, '')).toMatchObject({ data: hex('') })
    expectFrame(dataFrame(1, '', { padding: 7 })).toMatchObject({ data: hex(''), padding: 7 })
  })

  test('on stream 0 is a PROTOCOL_ERROR', () => {
    expectFault(dataFrame(0, 'abc'), 'PROTOCOL_ERROR')
  })

  test('with padding as long as its payload or longer is a PROTOCOL_ERROR', () => {
    expectFault(rawFrame(0, 0x08, 1, hex('04 616263')), 'PROTOCOL_ERROR')
    expectFault(rawFrame(0, 0x08, 1, hex('ff 616263')), 'PROTOCOL_ERROR')
    expectFrame(rawFrame(0, 0x08, 1, hex('03 000000'))).toMatchObject({ data: hex('') })
  })

  test('with the flag PADDED but no pad length is a FRAME_SIZE_ERROR', () => {
    expectFault(rawFrame(0, 0x08, 1), 'FRAME_SIZE_ERROR')
  })
})

describe('6.2 HEADERS', () => {
  test('carries a fragment of a field block', () => {
    expectFrame(headersFrame(1, 'abc')).toMatchObject({
      type: 'HEADERS',
      fragment: abc,
      priority: undefined,
      padding: undefined,
    })
  })

  test('may be padded and have a priority, in this order', () => {
    const priority = { exclusive: true, streamDependency: 3, weight: 256 }
    expectFrame(headersFrame(5, 'abc', { padding: 2, priority })).toMatchObject({
      fragment: abc,
      priority,
      padding: 2,
    })
  })

  test('on stream 0 is a PROTOCOL_ERROR', () => {
    expectFault(headersFrame(0, 'abc'), 'PROTOCOL_ERROR')
  })

  test('with padding that leaves no room for what else is there is a PROTOCOL_ERROR', () => {
    expectFault(rawFrame(1, 0x08, 1, hex('04 616263')), 'PROTOCOL_ERROR')
    expectFault(rawFrame(1, 0x28, 1, hex('01 0000000010')), 'PROTOCOL_ERROR')
  })

  test('that is too short for its flags is a FRAME_SIZE_ERROR', () => {
    expectFault(rawFrame(1, 0x08, 1), 'FRAME_SIZE_ERROR')
    expectFault(rawFrame(1, 0x20, 1, hex('00000000')), 'FRAME_SIZE_ERROR')
    expectFault(rawFrame(1, 0x28, 1, hex('00 00000000')), 'FRAME_SIZE_ERROR')
  })
})

describe('6.3 PRIORITY', () => {
  test('carries a dependency and a weight of 1 to 256', () => {
    for (const weight of [1, 16, 256]) {
      const priority = { exclusive: false, streamDependency: 2 ** 31 - 1, weight }
      expectFrame(priorityFrame(3, priority)).toMatchObject({ type: 'PRIORITY', priority })
    }
  })

  test('on stream 0 is a PROTOCOL_ERROR', () => {
    expectFault(priorityFrame(0), 'PROTOCOL_ERROR')
  })

  test('of another length than 5 is a FRAME_SIZE_ERROR of its stream', () => {
    expectFault(rawFrame(2, 0, 3, hex('00000000')), 'FRAME_SIZE_ERROR', 'stream')
    expectFault(rawFrame(2, 0, 3, hex('000000000000')), 'FRAME_SIZE_ERROR', 'stream')
  })
})

describe('6.4 RST_STREAM', () => {
  test('carries an error code of 32 bits, known or not', () => {
    expectFrame(rstStreamFrame(1, 'CANCEL')).toMatchObject({ type: 'RST_STREAM', errorCode: 8 })
    expectFrame(rstStreamFrame(1, 0xffffffff)).toMatchObject({ errorCode: 0xffffffff })
  })

  test('is made as it is read', () => {
    expect(makeRstStreamFrame(5, ErrorCode.CANCEL)).toEqual(rstStreamFrame(5, 'CANCEL'))
  })

  test('on stream 0 is a PROTOCOL_ERROR', () => {
    expectFault(rstStreamFrame(0), 'PROTOCOL_ERROR')
  })

  test('of another length than 4 is a FRAME_SIZE_ERROR', () => {
    expectFault(rawFrame(3, 0, 1, hex('000000')), 'FRAME_SIZE_ERROR')
    expectFault(rawFrame(3, 0, 1, hex('0000000000')), 'FRAME_SIZE_ERROR')
  })
})

describe('6.5 SETTINGS', () => {
  test('carries parameters in the order in which they take effect', () => {
    const settings: [number, number][] = [
      [4, 65_535],
      [1, 0],
      [4, 0xffffffff],
      [0xfefe, 1],
    ]
    expectFrame(settingsFrame(settings)).toMatchObject({ type: 'SETTINGS', settings })
    expectFrame(settingsFrame()).toMatchObject({ settings: [] })
  })

  test('is made of names, whose identifiers are those of section 6.5.2', () => {
    expect(
      makeSettingsFrame({
        HEADER_TABLE_SIZE: 1,
        ENABLE_PUSH: 0,
        MAX_CONCURRENT_STREAMS: 3,
        INITIAL_WINDOW_SIZE: 2 ** 31 - 1,
        MAX_FRAME_SIZE: 5,
        MAX_HEADER_LIST_SIZE: 0xffffffff,
        ENABLE_CONNECT_PROTOCOL: 1,
        NO_RFC7540_PRIORITIES: 1,
      }),
    ).toEqual(
      hex(
        '000030 04 00 00000000  000100000001 000200000000 000300000003 00047fffffff' +
          '000500000005 0006ffffffff 000800000001 000900000001',
      ),
    )
  })

  test.each([-1, 2 ** 32, 0.5])('is not made with the value %d', (value) => {
    expect(() => makeSettingsFrame({ MAX_FRAME_SIZE: value })).toThrow(RangeError)
  })

  test('with ACK acknowledges and carries nothing', () => {
    expect(SETTINGS_ACK_FRAME).toEqual(settingsAckFrame())
    expectFrame(settingsAckFrame()).toMatchObject({ type: 'SETTINGS', flags: 1, settings: [] })
    expectFault(rawFrame(4, 0x01, 0, hex('000300000001')), 'FRAME_SIZE_ERROR')
  })

  test('on another stream than 0 is a PROTOCOL_ERROR', () => {
    expectFault(rawFrame(4, 0, 1), 'PROTOCOL_ERROR')
  })

  test('of another length than a multiple of 6 is a FRAME_SIZE_ERROR', () => {
    expectFault(rawFrame(4, 0, 0, hex('0003000000')), 'FRAME_SIZE_ERROR')
    expectFault(rawFrame(4, 0, 0, hex('00030000000100')), 'FRAME_SIZE_ERROR')
  })
})

describe('6.6 PUSH_PROMISE', () => {
  test('carries the promised stream and a fragment of a field block, padded or not', () => {
    expectFrame(pushPromiseFrame(1, 2, 'abc')).toMatchObject({
      type: 'PUSH_PROMISE',
      promisedStreamId: 2,
      fragment: abc,
      padding: undefined,
    })
    expectFrame(pushPromiseFrame(1, 2, 'abc', { padding: 9 })).toMatchObject({
      promisedStreamId: 2,
      fragment: abc,
      padding: 9,
    })
  })

  test('on stream 0, or promising a stream that no server opens, is a PROTOCOL_ERROR', () => {
    expectFault(pushPromiseFrame(0, 2, ''), 'PROTOCOL_ERROR')
    expectFault(pushPromiseFrame(1, 0, ''), 'PROTOCOL_ERROR')
    expectFault(pushPromiseFrame(1, 3, ''), 'PROTOCOL_ERROR')
  })

  test('with too much padding is a PROTOCOL_ERROR, too short a FRAME_SIZE_ERROR', () => {
    expectFault(rawFrame(5, 0x08, 1, hex('01 00000002')), 'PROTOCOL_ERROR')
    expectFault(rawFrame(5, 0x08, 1, hex('00 000002')), 'FRAME_SIZE_ERROR')
    expectFault(rawFrame(5, 0, 1, hex('000002')), 'FRAME_SIZE_ERROR')
  })
})

describe('6.7 PING', () => {
  test('carries eight octets', () => {
    const opaqueData = hex('0001020304050607')
    expectFrame(pingFrame(opaqueData, { ack: true })).toMatchObject({
      type: 'PING',
      flags: 1,
      opaqueData,
    })
  })

  test('on another stream than 0 is a PROTOCOL_ERROR', () => {
    expectFault(rawFrame(6, 0, 1, '12345678'), 'PROTOCOL_ERROR')
  })

  test('of another length than 8 is a FRAME_SIZE_ERROR', () => {
    expectFault(pingFrame('1234567'), 'FRAME_SIZE_ERROR')
    expectFault(pingFrame('123456789'), 'FRAME_SIZE_ERROR')
  })
})

describe('6.8 GOAWAY', () => {
  test('carries the last stream, an error code and debug data', () => {
    expectFrame(goawayFrame(7, 'INTERNAL_ERROR', 'abc')).toMatchObject({
      type: 'GOAWAY',
      lastStreamId: 7,
      errorCode: 2,
      debugData: abc,
    })
    expectFrame(goawayFrame(0)).toMatchObject({ errorCode: 0, debugData: hex('') })
  })

  test('is made as it is read', () => {
    expect(makeGoawayFrame(2 ** 31 - 1, ErrorCode.PROTOCOL_ERROR)).toEqual(
      goawayFrame(2 ** 31 - 1, 'PROTOCOL_ERROR'),
    )
  })

  test('has a reserved bit before the last stream, which is ignored', () => {
    expectFrame(rawFrame(7, 0, 0, hex('80000001 00000000'))).toMatchObject({ lastStreamId: 1 })
  })

  test('on another stream than 0 is a PROTOCOL_ERROR', () => {
    expectFault(rawFrame(7, 0, 1, hex('0000000000000000')), 'PROTOCOL_ERROR')
  })

  test('of fewer than 8 octets is a FRAME_SIZE_ERROR', () => {
    expectFault(rawFrame(7, 0, 0, hex('00000000000000')), 'FRAME_SIZE_ERROR')
  })
})

describe('6.9 WINDOW_UPDATE', () => {
  test('carries an increment of 1 to 2^31 - 1, after a reserved bit', () => {
    expectFrame(windowUpdateFrame(0, 1)).toMatchObject({ type: 'WINDOW_UPDATE', increment: 1 })
    expectFrame(windowUpdateFrame(3, 2 ** 31 - 1)).toMatchObject({ increment: 2 ** 31 - 1 })
    expectFrame(windowUpdateFrame(3, 2 ** 31 + 5)).toMatchObject({ increment: 5 })
  })

  test('is made as it is read', () => {
    expect(makeWindowUpdateFrame(3, 2 ** 31 - 1)).toEqual(windowUpdateFrame(3, 2 ** 31 - 1))
  })

  test('with an increment of 0 is a PROTOCOL_ERROR of its stream or of the connection', () => {
    expectFault(windowUpdateFrame(3, 0), 'PROTOCOL_ERROR', 'stream')
    expectFault(windowUpdateFrame(0, 0), 'PROTOCOL_ERROR', 'connection')
  })

  test('of another length than 4 is a FRAME_SIZE_ERROR', () => {
    expectFault(rawFrame(8, 0, 1, hex('000001')), 'FRAME_SIZE_ERROR')
    expectFault(rawFrame(8, 0, 0, hex('0000000001')), 'FRAME_SIZE_ERROR')
  })
})

describe('6.10 CONTINUATION', () => {
  test('carries a further fragment of a field block', () => {
    expectFrame(continuationFrame(1, 'abc')).toMatchObject({ type: 'CONTINUATION', fragment: abc })
  })

  test('on stream 0 is a PROTOCOL_ERROR', () => {
    expectFault(continuationFrame(0, 'abc'), 'PROTOCOL_ERROR')
  })
})

describe('RFC 9218 section 7.1 PRIORITY_UPDATE', () => {
  test('carries a stream and its priority as text', () => {
    expectFrame(priorityUpdateFrame(5, 'u=1, i')).toMatchObject({
      type: 'PRIORITY_UPDATE',
      prioritizedStreamId: 5,
      priorityFieldValue: 'u=1, i',
    })
  })

  test('on another stream than 0, or about stream 0, is a PROTOCOL_ERROR', () => {
    expectFault(rawFrame(0x10, 0, 1, hex('00000005')), 'PROTOCOL_ERROR')
    expectFault(priorityUpdateFrame(0, 'u=1'), 'PROTOCOL_ERROR')
  })

  test('too short for a stream identifier is a FRAME_SIZE_ERROR', () => {
    expectFault(rawFrame(0x10, 0, 0, hex('000005')), 'FRAME_SIZE_ERROR')
  })
})

describe('4.1 and 5.5 A frame of an unknown type', () => {
  test('is read, so that it can be ignored', () => {
    expectFrame(rawFrame(0xbb, 0xff, 9, 'abc')).toEqual({
      type: 'UNKNOWN',
      typeCode: 0xbb,
      flags: 0xff,
      streamId: 9,
      payload: abc,
    })
  })
})

test('a fault says what was wrong and what would be right', () => {
  const result = readFrame(pingFrame('1234567'))
  expect(result).toMatchObject({
    fault: { message: "A PING frame's payload has 7 octets, but must have 8." },
  })
})

test('a frame is read where it lies in a longer vector', () => {
  const result = readFrame(hex('ffff 000003 00 00 00000001 616263 ff'), 2)
  expect(result).toMatchObject({ frame: { type: 'DATA', streamId: 1, data: abc } })
})
