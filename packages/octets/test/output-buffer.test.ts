import { describe, expect, test } from 'vitest'
import { OutputBuffer } from '../src'

describe('an OutputBuffer', () => {
  test('has nothing to take at first, and nothing after a take', () => {
    const buffer = new OutputBuffer()
    expect(buffer.take()).toBeUndefined()
    buffer.append(Uint8Array.of(1))
    buffer.take()
    expect(buffer.take()).toBeUndefined()
    expect(buffer.length).toBe(0)
  })

  test('gives all appended octets in order, as one run', () => {
    const buffer = new OutputBuffer()
    const expected: number[] = []
    for (let index = 0; index < 5000; index++) {
      buffer.append(Uint8Array.of(index & 255, 7))
      expected.push(index & 255, 7)
    }
    expect(buffer.length).toBe(10_000)
    expect(Array.from(buffer.take() ?? [])).toEqual(expected)
  })

  test('lets the caller write into reserved room', () => {
    const buffer = new OutputBuffer()
    buffer.append(Uint8Array.of(1))
    const offset = buffer.reserve(2000)
    buffer.octets.fill(5, offset, offset + 2000)
    buffer.unreserve(1998)
    buffer.append(Uint8Array.of(2))
    expect(buffer.take()).toEqual(Uint8Array.of(1, 5, 5, 2))
  })

  test('refuses to take back more than is there', () => {
    const buffer = new OutputBuffer()
    buffer.append(Uint8Array.of(1))
    expect(() => buffer.unreserve(2)).toThrow("Can't take back 2 of 1 octets")
  })

  test('never writes into a run that was taken', () => {
    const buffer = new OutputBuffer()
    const runs: Uint8Array[] = []
    for (let index = 0; index < 1000; index++) {
      buffer.append(new Uint8Array(1 + (index % 97)).fill(index & 255))
      runs.push(buffer.take() as Uint8Array)
    }
    runs.forEach((run, index) => {
      expect(run).toEqual(new Uint8Array(1 + (index % 97)).fill(index & 255))
    })
  })

  test('grows by doubling, so that appending is amortised', () => {
    const buffer = new OutputBuffer()
    let pieces = 0
    let piece = buffer.octets
    for (let index = 0; index < 100_000; index++) {
      buffer.append(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10))
      if (buffer.octets !== piece) pieces++
      piece = buffer.octets
    }
    // 256 octets doubled until they hold 1,000,000.
    expect(pieces).toBe(13)
  })

  test('serves many small runs from one piece', () => {
    const buffer = new OutputBuffer()
    const pieces = new Set<ArrayBufferLike>()
    for (let index = 0; index < 800; index++) {
      buffer.append(new Uint8Array(100))
      pieces.add((buffer.take() as Uint8Array).buffer)
    }
    expect(pieces.size).toBeLessThan(100)
  })

  test('keeps little after a burst, and less as the runs become small again', () => {
    const buffer = new OutputBuffer()
    buffer.append(new Uint8Array(10_000_000))
    buffer.take()
    expect(buffer.octets.length).toBeLessThanOrEqual(65_536)
    for (let index = 0; index < 2000; index++) {
      buffer.append(new Uint8Array(50))
      buffer.take()
    }
    expect(buffer.octets.length).toBeLessThanOrEqual(1024)
  })

  test('writes again into the memory of a run that was given back', () => {
    const buffer = new OutputBuffer()
    const pieces = new Set<ArrayBufferLike>()
    for (let index = 0; index < 1000; index++) {
      buffer.append(new Uint8Array(200).fill(index & 255))
      const run = buffer.take() as Uint8Array
      expect(run).toEqual(new Uint8Array(200).fill(index & 255))
      pieces.add(run.buffer)
      buffer.giveBack(run)
    }
    // It has grown to its usual size once.
    expect(pieces.size).toBeLessThanOrEqual(2)
  })

  test('a run as long as the one given back is the same view, and any other is right too', () => {
    const buffer = new OutputBuffer()
    const take = (...octets: number[]) => {
      buffer.append(Uint8Array.from(octets))
      const run = buffer.take() as Uint8Array
      expect([...run]).toEqual(octets)
      return run
    }
    const first = take(1, 2, 3)
    buffer.giveBack(first)
    const second = take(4, 5, 6)
    expect(second).toBe(first)
    buffer.giveBack(second)
    const shorter = take(7)
    // Kept by its owner: what follows lies behind it.
    take(8)
    take(9, 10, 11)
    expect([...shorter]).toEqual([7])
  })

  test('keeps what waits when an earlier run is given back', () => {
    const buffer = new OutputBuffer()
    buffer.append(Uint8Array.of(1, 2))
    const run = buffer.take() as Uint8Array
    buffer.append(Uint8Array.of(3, 4))
    buffer.giveBack(run)
    buffer.append(Uint8Array.of(5))
    expect(buffer.take()).toEqual(Uint8Array.of(3, 4, 5))
  })

  test('does not keep a burst that is given back', () => {
    const buffer = new OutputBuffer()
    buffer.append(new Uint8Array(1_000_000))
    buffer.giveBack(buffer.take() as Uint8Array)
    expect(buffer.octets.length).toBeLessThanOrEqual(65_536)
  })

  test('uses the memory of a large run again, in any buffer', () => {
    const large = () => {
      const buffer = new OutputBuffer()
      buffer.prepare(262_144)
      buffer.append(new Uint8Array(200_000))
      return { buffer, run: buffer.take() as Uint8Array }
    }
    const one = large()
    one.buffer.append(Uint8Array.of(1))
    one.buffer.giveBack(one.run)
    const other = large()
    expect(other.run.buffer).toBe(one.run.buffer)
    // It is given once only, and what waits is kept.
    expect(large().run.buffer).not.toBe(one.run.buffer)
    expect(one.buffer.take()).toEqual(Uint8Array.of(1))
  })

  test('keeps the piece of a run behind which there may be another', () => {
    const buffer = new OutputBuffer()
    buffer.prepare(262_144)
    buffer.append(new Uint8Array(100_000))
    const run = buffer.take() as Uint8Array
    buffer.append(Uint8Array.of(1, 2))
    buffer.giveBack(run)
    buffer.append(new Uint8Array(262_144))
    expect(buffer.take()?.subarray(0, 2)).toEqual(Uint8Array.of(1, 2))
  })

  test('forgets everything when cleared', () => {
    const buffer = new OutputBuffer()
    buffer.append(Uint8Array.of(1))
    buffer.clear()
    expect(buffer.take()).toBeUndefined()
    buffer.append(Uint8Array.of(2))
    expect(buffer.take()).toEqual(Uint8Array.of(2))
  })
})
