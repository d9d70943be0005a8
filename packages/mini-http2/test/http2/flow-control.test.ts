import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type FlowControl, Windows } from '../../src/http2/flow-control'
import { Stream } from '../../src/http2/streams/stream'

/*
 * The windows of a connection or a stream in isolation, RFC 9113 sections 5.2 and 6.9.
 */

const MOST = 2 ** 31 - 1
const SIZE = 65_536

/** The implementations of windows. */
const KINDS: readonly (readonly [string, (send: number, receive: number) => FlowControl])[] = [
  ['a connection', (send, receive) => new Windows(send, receive)],
  ['a stream', (send, receive) => new Stream(1, false, send, receive, 3)],
]

describe.each(KINDS)('%s', (_, make) => {
  describe('the window for sending', () => {
    test('shrinks by what is sent and grows by what the peer allows', () => {
      const windows = make(10, 10)
      windows.countSent(4)
      expect(windows.sendWindow).toBe(6)
      expect(windows.changeSendWindow(5)).toBe(true)
      expect(windows.sendWindow).toBe(11)
    })

    test('may be negative after a smaller SETTINGS_INITIAL_WINDOW_SIZE, 6.9.2', () => {
      const windows = make(10, 10)
      windows.countSent(8)
      expect(windows.changeSendWindow(-7)).toBe(true)
      expect(windows.sendWindow).toBe(-5)
    })

    test('stays as it is if it would be larger than 2^31 - 1, 6.9.1', () => {
      const windows = make(10, 10)
      expect(windows.changeSendWindow(MOST - 9)).toBe(false)
      expect(windows.sendWindow).toBe(10)
      expect(windows.changeSendWindow(MOST - 10)).toBe(true)
      expect(windows.sendWindow).toBe(MOST)
    })

    test('is never above 2^31 - 1, and credit is neither lost nor made, whatever happens', () => {
      const step = fc.oneof(
        fc.record({ kind: fc.constant('send' as const), count: fc.nat(100_000) }),
        fc.record({
          kind: fc.constant('change' as const),
          count: fc.integer({ min: -MOST, max: MOST }),
        }),
      )
      fc.assert(
        fc.property(fc.nat(MOST), fc.array(step, { maxLength: 50 }), (initial, steps) => {
          const windows = make(initial, 0)
          let expected = BigInt(initial)
          for (const { kind, count } of steps) {
            if (kind === 'send') {
              const sent = Math.min(count, Math.max(0, windows.sendWindow))
              windows.countSent(sent)
              expected -= BigInt(sent)
            } else if (windows.changeSendWindow(count)) expected += BigInt(count)
            else expect(expected + BigInt(count)).toBeGreaterThan(BigInt(MOST))
            expect(windows.sendWindow).toBeLessThanOrEqual(MOST)
            expect(BigInt(windows.sendWindow)).toBe(expected)
          }
        }),
      )
    })
  })

  describe('the window for receiving', () => {
    test('refuses what the peer was not allowed to send, and stays as it is', () => {
      const windows = make(0, 10)
      expect(windows.countReceived(11)).toBe(false)
      expect(windows.countReceived(10)).toBe(true)
      expect(windows.receiveWindow).toBe(0)
      expect(windows.countReceived(1)).toBe(false)
    })

    test('takes DATA without octets also when it is negative, 6.9', () => {
      const windows = make(0, 10)
      windows.changeReceiveWindow(-20)
      expect(windows.receiveWindow).toBe(-10)
      expect(windows.countReceived(0)).toBe(true)
      expect(windows.countReceived(1)).toBe(false)
    })

    test('opens again when half of it is used up, by all that was', () => {
      const windows = make(0, SIZE)
      windows.countReceived(SIZE)
      windows.consume(SIZE / 2 - 1)
      expect(windows.announce(SIZE)).toBe(0)
      windows.consume(1)
      expect(windows.announce(SIZE)).toBe(SIZE / 2)
      expect(windows.receiveWindow).toBe(SIZE / 2)
      expect(windows.announce(SIZE)).toBe(0)
    })

    test('never allows more than its size, and forgets nothing that was used up', () => {
      const step = fc.record({ received: fc.nat(20_000), consumed: fc.nat(20_000) })
      fc.assert(
        fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
          const windows = make(0, SIZE)
          const all = { received: 0, consumed: 0, announced: 0 }
          for (const { received, consumed } of steps) {
            if (windows.countReceived(received)) all.received += received
            const read = Math.min(consumed, all.received - all.consumed)
            windows.consume(read)
            all.consumed += read
            all.announced += windows.announce(SIZE)
            expect(windows.receiveWindow).toBe(SIZE - all.received + all.announced)
            expect(windows.receiveWindow).toBeLessThanOrEqual(SIZE)
            // Less than half a window is unannounced.
            expect(all.consumed - all.announced).toBeLessThan(SIZE / 2)
          }
        }),
      )
    })
  })
})
