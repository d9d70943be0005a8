import { describe, expect, test } from 'vitest'
import { NativeOctets, readSocket, writeSocket } from '../../src/native'
import { libc } from '../../src/native/foreign/libc'
import { connectedPair, expectNoDescriptorLeft } from './support/descriptors'

expectNoDescriptorLeft()

describe('NativeOctets', () => {
  test('has the address of its first octet', () => {
    const octets = new NativeOctets(4)
    const [writer, reader] = connectedPair()
    writeSocket(writer, Buffer.from('four'))
    expect(octets.address % 1).toBe(0)
    // As an array, so that only the test's own call goes by the address.
    expect(libc().recv(reader, new Uint8Array(octets.buffer), 4, 0)).toBe(4)
    expect(Buffer.from(octets).toString()).toBe('four')
    expect(new NativeOctets(4).address).not.toBe(octets.address)
  })

  test('is read into and written from like any array, up to the length that is meant', () => {
    const [writer, reader] = connectedPair()
    const output = new NativeOctets(16)
    output.set(Buffer.from('hello and more'))
    expect(writeSocket(writer, output, 5)).toBe(5)
    const input = new NativeOctets(16)
    expect(readSocket(reader, input)).toBe(5)
    expect(Buffer.from(input.first(5)).toString()).toBe('hello')
    expect(() => writeSocket(writer, output, 17)).toThrow(RangeError)
  })

  test('gives the same view again for a length up to 4,096, and a new one above', () => {
    const octets = new NativeOctets(8192)
    for (const length of [0, 1, 4096, 4097, 8192]) {
      const view = octets.first(length)
      expect(view).toHaveLength(length)
      expect(view.buffer).toBe(octets.buffer)
      expect(octets.first(length) === view).toBe(length <= 4096)
    }
  })

  test('its parts are ordinary arrays', () => {
    const octets = new NativeOctets(8)
    expect(octets.subarray(2, 4)).not.toBeInstanceOf(NativeOctets)
    expect(octets.slice(2, 4)).toHaveLength(2)
    expect(octets.subarray(2, 4).byteOffset).toBe(2)
  })
})
