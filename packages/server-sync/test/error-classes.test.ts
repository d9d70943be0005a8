import { prebuildResponse } from '@h2lab/mini-http2'
import { SocketTimeoutError } from '@h2lab/tls-context/native'
import { describe, expect, test } from 'vitest'
import { rawClient } from '../../../test-support/clients/raw-client'
import { serverStarter } from '../../../test-support/server-starter'
import { describeErrorClasses, faultOf } from '../../../test-support/suites/error-classes-suite'
import { none, ReadTimeoutError, thread } from '../src'
import { opening, request } from './support/octets'

describeErrorClasses(none, 'one')
describeErrorClasses(thread)

describe.each([none, thread])('errors from the thread of $name', (method) => {
  const { start } = serverStarter(method, { protocol: 'http2', tls: false, clients: 'one' })
  const limits = { idleTimeout: 300 }

  test('a client that is silent is a ReadTimeoutError', async () => {
    const server = await start({ limits })
    const silent = await rawClient(server.url)
    silent.send(opening({ INITIAL_WINDOW_SIZE: 0 }))
    silent.send(request())
    const error = await faultOf(server)
    expect(error).toBeInstanceOf(ReadTimeoutError)
    expect(error).toHaveProperty('code', 'READ_TIMEOUT')
  })

  test('a client that takes nothing is a SocketTimeoutError', async () => {
    const app = prebuildResponse({ body: 'x'.repeat(2 ** 20) })
    const server = await start({ limits, app })
    const client = await rawClient(server.url)
    client.socket.pause()
    client.request(20)
    const error = await faultOf(server)
    expect(error).toBeInstanceOf(SocketTimeoutError)
    expect(error).toHaveProperty('code', 'ETIMEDOUT')
  })
})
