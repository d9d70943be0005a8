import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { prebuildResponse } from '../../src'
import { withServer } from '../../src/server'
import { oneResponse } from '../support/one-response'

const app = prebuildResponse({ body: 'Hello World\n' })

test('the callback gets the URL of a server that listens, and its result is returned', async () => {
  const method = oneResponse()
  const length = await withServer(method, { app }, async (url, server) => {
    expect(server.url).toBe(url)
    const socket = connect(server.port, '127.0.0.1')
    onTestFinished(() => void socket.destroy())
    const [octets] = (await once(socket, 'data')) as [Buffer]
    return octets.length
  })
  expect(length).toBe(12)
})

test('afterwards the server is killed, though clients are still there', async () => {
  const method = oneResponse()
  await withServer(method, { app }, async (_, { port }) => {
    const socket = connect(port, '127.0.0.1')
    onTestFinished(() => void socket.destroy())
    await once(socket, 'data')
  })
  expect(method.calls).toEqual(['start', 'kill'])
})

test('it is killed when the callback throws, which is passed on', async () => {
  const method = oneResponse()
  const run = withServer(method, { app }, () => {
    throw new Error('thrown inside')
  })
  await expect(run).rejects.toThrow('thrown inside')
  expect(method.calls).toEqual(['start', 'kill'])
})

test('it is killed when the callback has begun a close with a long grace time', async () => {
  const method = oneResponse()
  await withServer(method, { app }, async (_, server) => {
    const socket = connect(server.port, '127.0.0.1')
    onTestFinished(() => void socket.destroy())
    await once(socket, 'data')
    void server.close({ graceMs: 2 ** 31 - 1 })
  })
  expect(method.calls).toEqual(['start', 'drain', 'kill'])
})
