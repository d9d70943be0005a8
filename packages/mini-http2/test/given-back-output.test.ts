import { concatenate, copyOctets, type OctetVector } from '@h2lab/octets'
import { describe, expect, test } from 'vitest'
import { type ConnectionFactory, connectionFactory } from '../src/protocol'
import { takeTurns } from './support/exchange'
import { HELLO } from './support/mini'
import { CLIENT_OPENING, getRequest } from './support/requests'

const factories: readonly (readonly [string, ConnectionFactory])[] = [
  ['mini', connectionFactory('mini', HELLO)],
  ['http2', connectionFactory('http2', HELLO, {}, { date: false })],
]

/** The output for some batches of requests, whose runs are given back or kept. */
function output(factory: ConnectionFactory, given: 'back' | 'kept') {
  const connection = factory(0)
  const runs: OctetVector[] = []
  const pieces = new Set<ArrayBufferLike>()
  connection.receive(CLIENT_OPENING)
  for (let batch = 0; batch < 50; batch++) {
    for (let index = 0; index < 20; index++) {
      connection.receive(getRequest(1 + 2 * (batch * 20 + index)))
      takeTurns(connection)
    }
    for (let run = connection.takeOutput(); run !== undefined; run = connection.takeOutput()) {
      runs.push(copyOctets(run))
      pieces.add(run.buffer)
      if (given === 'back') connection.giveBack?.(run)
    }
  }
  return { octets: concatenate(...runs), pieces: pieces.size }
}

describe.each(factories)('the output of %s', (_, factory) => {
  test('is the same whether its runs are given back or kept, in less memory', () => {
    const back = output(factory, 'back')
    const kept = output(factory, 'kept')
    expect(back.octets).toEqual(kept.octets)
    expect(back.pieces).toBeLessThan(kept.pieces)
  })
})
