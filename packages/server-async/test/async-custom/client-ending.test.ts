import { prebuildResponse } from '@h2lab/mini-http2'
import { connectionFactory } from '@h2lab/mini-http2/protocol'
import { expect, test } from 'vitest'
import type { ActionContext } from '../../src/async-custom/client/action-context'
import { Client } from '../../src/async-custom/client/client'
import { HAS_DATA_TO_WRITE } from '../../src/async-custom/client/client-state'
import { ClientEnding } from '../../src/async-custom/loop/client-ending'

test('the last output of a client that has ended its side may take 30 seconds, however slowly it goes on', () => {
  const time = { now: 0 }
  const ending = new ClientEnding(
    time as ActionContext,
    () => {},
    () => {},
  )
  const client = new Client(-1, '127.0.0.1:1', undefined, 0)
  client.connection = connectionFactory('http2', prebuildResponse({}))(0)
  client.connection.abandon()
  client.inputEnded = true
  client.state |= HAS_DATA_TO_WRITE
  const deadlines = [0, 500, 29_500].map((now) => {
    time.now = now
    ending.follow(client)
    return client.deadline
  })
  expect(deadlines).toEqual([1000, 1500, 30_000])
})
