import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { OpenRequests } from '../../src/load/open-requests'

describe('the open requests of a connection', () => {
  test('tell when each was due, once', () => {
    const open = new OpenRequests(2)
    open.add(0, 12.5)
    open.add(1, 13)
    expect(open.count).toBe(2)
    expect(open.remove(0)).toBe(12.5)
    expect(open.remove(0)).toBeNaN()
    expect(open.count).toBe(1)
  })

  test('keep one that stays open while thousands come and go', () => {
    const open = new OpenRequests(1)
    open.add(0, 1)
    for (let request = 1; request < 5000; request++) {
      open.add(request, request * 2)
      expect(open.remove(request)).toBe(request * 2)
    }
    expect(open.remove(0)).toBe(1)
  })

  test('give up those behind the last that the server processes', () => {
    const open = new OpenRequests(4)
    for (let request = 0; request < 6; request++) open.add(request, 100 + request)
    expect(open.removeBehind(3).sort()).toEqual([104, 105])
    expect(open.count).toBe(4)
    expect(open.remove(3)).toBe(103)
  })

  test('are what a map would hold, whatever order they end in', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(40), { maxLength: 300 }), (ends) => {
        const open = new OpenRequests(1)
        const expected = new Map<number, number>()
        let next = 0
        for (const end of ends) {
          open.add(next, next + 0.5)
          expected.set(next, next + 0.5)
          next++
          const request = next - 1 - end
          expect(open.remove(request)).toBe(expected.get(request) ?? Number.NaN)
          expected.delete(request)
          expect(open.count).toBe(expected.size)
        }
      }),
    )
  })
})
