import { concatenate, type OctetVector, octetize } from '@h2lab/octets'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CLIENT_PREFACE } from '../../src/frames'
import { MiniConnection } from '../../src/protocol'
import { receiveIn } from '../support/exchange'
import {
  dataFrame,
  goawayFrame,
  headersFrame,
  pingFrame,
  rawFrame,
  settingsFrame,
} from '../support/frames'
import { HELLO } from '../support/mini'
import { CLIENT_OPENING, GET_BLOCK, getRequest } from '../support/requests'
import { inPieces, pieceLengths } from '../support/split'

const streamId = fc.integer({ min: 0, max: 2 ** 31 - 1 })
const someOctets = fc.uint8Array({ maxLength: 300 })

const frame: fc.Arbitrary<OctetVector> = fc.oneof(
  { weight: 5, arbitrary: streamId.map(getRequest) },
  { weight: 2, arbitrary: streamId.map((id) => headersFrame(id, GET_BLOCK)) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(streamId, someOctets, fc.boolean())
      .map(([id, octets, endStream]) => dataFrame(id, octets, { endStream })),
  },
  { weight: 2, arbitrary: fc.uint8Array({ minLength: 8, maxLength: 8 }).map((o) => pingFrame(o)) },
  { weight: 2, arbitrary: fc.constant(settingsFrame({ ENABLE_PUSH: 0 })) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.nat(255), fc.nat(255), streamId, someOctets)
      .map(([type, flags, id, octets]) => rawFrame(type, flags, id, octets)),
  },
  { weight: 1, arbitrary: fc.constant(goawayFrame()) },
)

/** Frames, and the lengths of the pieces in which they arrive. */
const splitInput = fc.record({
  input: fc.array(frame, { maxLength: 30 }).map((all) => concatenate(CLIENT_OPENING, ...all)),
  lengths: pieceLengths,
  maxWaitingOutput: fc.constantFrom(0, 60, 1000, 1_000_000),
})

describe('whatever a client sends,', () => {
  test('the output does not depend on how the input is split', () => {
    fc.assert(
      fc.property(splitInput, ({ input, lengths, maxWaitingOutput }) => {
        const make = () => new MiniConnection(HELLO, { maxWaitingOutput })
        const whole = receiveIn(make(), [input])
        const split = receiveIn(make(), inPieces(input, lengths))
        expect(split.frames).toEqual(whole.frames)
        expect(split.state).toBe(whole.state)
        expect(split.error?.code).toBe(whole.error?.code)
      }),
    )
  })

  test('nothing is thrown, and the output is whole frames', () => {
    const anything = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.uint8Array({ maxLength: 200 }).map((octets) => concatenate(CLIENT_PREFACE, octets)),
      fc
        .tuple(fc.nat(23), fc.uint8Array({ maxLength: 50 }))
        .map(([length, octets]) => concatenate(CLIENT_PREFACE.subarray(0, length), octets)),
    )
    fc.assert(
      fc.property(anything, (input) => {
        const { state, error } = receiveIn(new MiniConnection(HELLO), [input])
        if (error !== undefined) expect(state).toBe('closed')
      }),
      { numRuns: 1000 },
    )
  })
})

test('an empty piece of input has no effect', () => {
  const connection = new MiniConnection(HELLO)
  connection.receive(octetize([]))
  expect(connection.takeOutput()).toBeUndefined()
  expect(connection.state).toBe('open')
})
