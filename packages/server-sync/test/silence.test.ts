import { describe, expect, test } from 'vitest'
import { requestWithNode } from '../../../test-support/clients/node-client'
import { rawClient } from '../../../test-support/clients/raw-client'
import { eventually } from '../../../test-support/eventually'
import { serverStarters } from '../../../test-support/server-starter'
import { none } from '../src'
import { opening, request } from './support/octets'

const starters = serverStarters(none, ['mini', 'http2', 'nghttp2'], 'one')
const limits = { idleTimeout: 300 }

describe.each(starters)('a client that says nothing any more to $name', ({ start, protocol }) => {
  test('is sent away in good order if it is idle, and the next one is served', async () => {
    const server = await start({ limits })
    const idle = await rawClient(server.url)
    idle.request()
    await eventually(() => expect(idle.responses).toHaveLength(1))
    expect(await requestWithNode(server.url)).toMatchObject([{ status: 200 }])
    expect(idle.goaway).toBe('NO_ERROR')
    expect(await idle.closed).toBe('ended')
    expect(server.faults).toEqual([])
  })

  test('holds nobody else up in the middle of its request', async () => {
    const server = await start({ limits })
    const silent = await rawClient(server.url)
    silent.send(opening())
    silent.send(request(1, 'open'))
    expect(await requestWithNode(server.url)).toMatchObject([{ status: 200 }])
    await silent.closed
  })

  // It doesn't look at windows: it has sent all there is.
  if (protocol === 'mini') return

  test('is at fault if it leaves its answer waiting', async () => {
    const server = await start({ limits })
    const silent = await rawClient(server.url)
    silent.send(opening({ INITIAL_WINDOW_SIZE: 0 }))
    silent.send(request())
    await silent.closed
    await eventually(() => expect(server.faults).toHaveLength(1))
    expect(server.faults).toMatchObject([
      { error: { code: 'READ_TIMEOUT' }, peer: /^127\.0\.0\.1:\d+$/ },
    ])
    expect(await requestWithNode(server.url)).toMatchObject([{ status: 200 }])
  })
})
