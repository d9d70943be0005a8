import { readdirSync } from 'node:fs'
import { type PrebuiltResponse, prebuildResponse } from '@h2lab/mini-http2'
import { closeDescriptor, listenOn, localAddress } from '@h2lab/tls-context/native'
import { expect, onTestFinished, test } from 'vitest'
import { eventually } from '../../../../test-support/eventually'
import { serverStarter } from '../../../../test-support/server-starter'
import { makeAsyncCustom } from '../../src'

const { start } = serverStarter(makeAsyncCustom({ threads: 2 }), { protocol: 'mini', tls: false })

/** A port that another server shares with whoever wants to, as far as it is of the same user. */
function sharedPort(): number {
  const descriptor = listenOn({ address: '127.0.0.1', port: 0 }, { reusePort: true })
  onTestFinished(() => closeDescriptor(descriptor))
  return localAddress(descriptor).port
}

test('a port that another server shares is in use for several threads, too', async () => {
  const before = descriptors()
  const port = sharedPort()
  await expect(start({ port })).rejects.toMatchObject({ code: 'PORT_IN_USE' })
  expect(descriptors()).toBe(before + 1)
})

test('so is the port of a server of several threads for another one', async () => {
  const { port } = await start()
  await expect(start({ port })).rejects.toMatchObject({ code: 'PORT_IN_USE' })
})

test('a port that was given up is free for several threads at once', async () => {
  const server = await start()
  await server.close()
  expect((await start({ port: server.port })).port).toBe(server.port)
})

test('listeners are closed if a thread cannot be started', async () => {
  await (await start()).close()
  const before = descriptors()
  const app = { ...prebuildResponse({}), unsendable: () => {} } as PrebuiltResponse
  await expect(start({ app })).rejects.toMatchObject({ name: 'DataCloneError' })
  await eventually(() => expect(descriptors()).toBe(before))
})

function descriptors(): number {
  return readdirSync('/proc/self/fd').length
}
