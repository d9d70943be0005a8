import { expect, test } from 'vitest'
import { leastGrowth } from '../../../../test-support/allocated-memory'
import { MemoryTlsConnection, NativeTlsContext, TlsObjects } from '../../src/native'
import { makeCredentials } from '../support/credentials'

const credentials = await makeCredentials()

/** What a thread makes, and the memory by which another one frees it. */
function makeConnections(count: number, capacity = count + 1) {
  const memory = TlsObjects.create(capacity)
  const context = new NativeTlsContext({ ...credentials, objects: new TlsObjects(memory) })
  const connections = Array.from({ length: count }, () => new MemoryTlsConnection(context))
  return { memory, context, connections }
}

test('what a thread leaves behind is freed by another one', async () => {
  new TlsObjects(makeConnections(100).memory).freeAll()
  const growth = await leastGrowth(() => {
    for (let time = 0; time < 10; time++) new TlsObjects(makeConnections(100).memory).freeAll()
  })
  // 1,000 connections take more than 4,000 octets each.
  expect(growth).toBeLessThan(400_000)
})

test('what a thread has freed itself is not freed again', () => {
  const { memory, context, connections } = makeConnections(10)
  for (const connection of connections) connection.free()
  context.free()
  expect([...new BigUint64Array(memory)]).toEqual(Array(11).fill(0n))
  new TlsObjects(memory).freeAll()
})

test('places are used again', () => {
  const { memory, context, connections } = makeConnections(2, 3)
  connections[0]!.free()
  const another = new MemoryTlsConnection(context)
  expect(new BigUint64Array(memory)).not.toContain(0n)
  another.free()
  new TlsObjects(memory).freeAll()
  new TlsObjects(memory).freeAll()
})

test('a connection beyond the capacity works, and is its own to free', () => {
  const { memory, context, connections } = makeConnections(3, 2)
  for (const connection of connections) connection.free()
  context.free()
  expect([...new BigUint64Array(memory)]).toEqual([0n, 0n])
})
