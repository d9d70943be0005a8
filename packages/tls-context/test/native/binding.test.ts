import { defineDocumentedCallback } from '@h2lab/octets'
import { describe, expect, test } from 'vitest'
import {
  ADDRESS_OCTETS,
  addressOf,
  bindLazily,
  callbackPointer,
  readAddress,
  toAddress,
  writeAddress,
} from '../../src/native'

describe('functions of the running process', () => {
  test('are called with numbers, octets and addresses', () => {
    const libc = bindLazily({
      abs: ['int', 'int'],
      strlen: ['size_t', 'uintptr_t'],
      memcpy: ['void', 'void *', 'void *', 'size_t'],
    })
    expect(libc().abs(-3)).toBe(3)
    const text = Buffer.from(new ArrayBuffer(4))
    libc().memcpy(addressOf(text), Buffer.from('abc'), 3)
    expect(text.toString('latin1')).toBe('abc\0')
    expect(libc().strlen(addressOf(text))).toBe(3)
  })

  test('are looked for once', () => {
    const libc = bindLazily({ abs: ['int', 'int'] })
    expect(libc()).toBe(libc())
  })

  test('may be missing if they are optional', () => {
    const functions = bindLazily(
      { getppid: ['int'], no_such_function: ['int', 'int'] },
      { optional: ['no_such_function'] },
    )
    expect(functions().getppid()).toBe(process.ppid)
    expect(functions().no_such_function).toBeUndefined()
  })
})

test('an address is read as it was written', () => {
  const octets = Buffer.alloc(2 * ADDRESS_OCTETS)
  const address = 0x7fff_1234_5678
  writeAddress(octets, address, ADDRESS_OCTETS)
  expect(readAddress(octets.subarray(ADDRESS_OCTETS))).toBe(address)
  expect(octets.readBigUInt64LE(ADDRESS_OCTETS)).toBe(BigInt(address))
  expect(readAddress(octets)).toBe(0)
})

test('C code calls back, and gets what is returned', () => {
  const compare = defineDocumentedCallback({
    name: 'compare_octets',
    text: 'Orders two octets, the greater one first.',
    parameters: [
      { name: 'a', type: 'uintptr_t', text: 'the address of one' },
      { name: 'b', type: 'uintptr_t', text: 'the address of the other' },
    ],
    result: { type: 'int', text: 'negative if `a` comes first' },
    callback: (a: number, b: number) => octets[b - start]! - octets[a - start]!,
  })
  const libc = bindLazily({ qsort: ['void', 'uintptr_t', 'size_t', 'size_t', 'uintptr_t'] })
  const octets = new Uint8Array(new ArrayBuffer(2))
  octets.set([1, 2])
  const start = addressOf(octets)
  libc().qsort(start, 2, 1, toAddress(callbackPointer(compare)))
  expect([...octets]).toEqual([2, 1])
})
