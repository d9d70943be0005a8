import { expect, test } from 'vitest'
import { Inlet } from '../../src/load/inlet'

/** What a socket does with what it has read. */
function arrive({ onread }: Inlet, ...octets: number[]): void {
  const buffer = onread.buffer as Uint8Array
  buffer.set(octets)
  onread.callback(octets.length, buffer)
}

test('octets go to the receiver as they come', () => {
  const inlet = new Inlet()
  const received: number[][] = []
  inlet.open((octets) => received.push([...octets]))
  arrive(inlet, 1, 2, 3)
  arrive(inlet, 4)
  expect(received).toEqual([[1, 2, 3], [4]])
})

test('octets that come before there is a receiver are kept, whatever other sockets read meanwhile', () => {
  const inlet = new Inlet()
  const other = new Inlet()
  arrive(inlet, 1, 2, 3)
  arrive(other, 7, 7, 7, 7)
  arrive(inlet, 4)
  const received: number[][] = []
  inlet.open((octets) => received.push([...octets]))
  arrive(inlet, 5)
  expect(received).toEqual([[1, 2, 3], [4], [5]])
})
