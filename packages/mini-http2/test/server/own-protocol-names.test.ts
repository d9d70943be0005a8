import { expect, onTestFinished, test } from 'vitest'
import { prebuildResponse } from '../../src'
import { createServer, type DispatchMethod } from '../../src/server'
import { oneResponse } from '../support/one-response'

const app = prebuildResponse({ status: 204 })

/** A method with a protocol that this package doesn't know, and a small `maxClients`. */
function extended() {
  const recording = oneResponse()
  const method: DispatchMethod<'mini' | 'other'> = {
    ...recording,
    protocols: ['mini', 'other'],
    defaultMaxClients: 7,
    start: (setup) => recording.start({ ...setup, protocol: undefined }),
  }
  return { method, recording }
}

test('a method may bring a protocol along, by a name of its own', async () => {
  const { method, recording } = extended()
  const server = await createServer(method, { app, protocol: 'other' })
  onTestFinished(() => server.close({ graceMs: 0 }))
  expect(server.implementation).toBe('one-response/other')
  expect(recording.setups).toMatchObject([{ implementation: 'one-response/other', maxClients: 7 }])
})

test('how many clients a method takes by default gives way to the option', async () => {
  const { method, recording } = extended()
  const server = await createServer(method, { app, protocol: 'other', maxClients: 8 })
  onTestFinished(() => server.close({ graceMs: 0 }))
  expect(recording.setups).toMatchObject([{ maxClients: 8 }])
})

test('a protocol that it does not bring is refused with those that it does', async () => {
  const { method } = extended()
  const untyped = method as DispatchMethod<string>
  await expect(createServer(untyped, { app, protocol: 'third' })).rejects.toMatchObject({
    code: 'UNSUPPORTED_SERVER_SETUP',
    alternative: 'the protocol mini; or the protocol other',
  })
})
