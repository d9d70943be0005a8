import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { closeDescriptor, localAddress, openListeners } from '../../src/native'

const times = { keepAlive: 30_000, keepAliveTimeout: 30_000 }

test('several sockets listen on one port, and clients reach them', async () => {
  const options = { host: 'localhost', port: 0, count: 3, blocking: 'non-blocking' } as const
  const { descriptors, port } = await openListeners({ ...options, ...times, noDelay: true })
  onTestFinished(() => {
    for (const descriptor of descriptors) closeDescriptor(descriptor)
  })
  expect(new Set(descriptors).size).toBe(3)
  expect(descriptors.map((descriptor) => localAddress(descriptor).port)).toEqual([port, port, port])
  const client = connect(port, localAddress(descriptors[0]!).address)
  await once(client, 'connect')
  client.destroy()
})

test('one does not come in beside another server', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const { port } = server.address() as { port: number }
  for (const count of [1, 2]) {
    const opening = openListeners({ host: '127.0.0.1', port, count, ...times })
    await expect(opening).rejects.toMatchObject({ code: 'EADDRINUSE' })
  }
})

test('a host that is none, and an option that does not exist, are refused', async () => {
  await expect(openListeners({ host: 'no.such.host.invalid', port: 0, ...times })).rejects.toThrow(
    'no.such.host.invalid',
  )
  const misspelt = { host: '127.0.0.1', port: 0, ...times, counts: 2 }
  await expect(openListeners(misspelt)).rejects.toMatchObject({ name: 'TlsOptionError' })
})
