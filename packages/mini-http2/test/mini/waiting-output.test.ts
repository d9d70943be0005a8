import { concatenate } from '@h2lab/octets'
import { describe, expect, test } from 'vitest'
import { prebuildResponse } from '../../src'
import { MiniConnection } from '../../src/protocol'
import { takeAll } from '../support/exchange'
import { pingFrame } from '../support/frames'
import { HELLO, openedMini, responseOn } from '../support/mini'
import { CLIENT_OPENING, getRequest } from '../support/requests'

const ids = Array.from({ length: 200 }, (_, index) => index * 2 + 1)
const requests = concatenate(...ids.map(getRequest))
const responses = concatenate(...ids.map((id) => responseOn(id)))

describe('output that waits to be taken is bounded:', () => {
  test.each([0, 1, 100, 1000])(
    'with a bound of %i octets, a run exceeds it by one answer',
    (bound) => {
      const connection = openedMini(undefined, { maxWaitingOutput: bound })
      connection.receive(requests)
      const runs: Uint8Array[] = []
      for (let run = connection.takeOutput(); run !== undefined; run = connection.takeOutput()) {
        runs.push(run)
      }
      const answer = responseOn(1).length
      for (const run of runs) expect(run.length).toBeLessThanOrEqual(bound + answer)
      expect(concatenate(...runs)).toEqual(responses)
    },
  )

  test('a long response is written part by part, each of 65,536 octets at most', () => {
    const long = prebuildResponse({ body: new Uint8Array(1_000_000).fill(7) })
    const connection = openedMini(long, { maxWaitingOutput: 10_000 })
    connection.receive(getRequest(1))
    let total = 0
    for (let run = connection.takeOutput(); run !== undefined; run = connection.takeOutput()) {
      expect(run.length).toBeLessThanOrEqual(10_000 + 65_536)
      total += run.length
    }
    expect(total).toBe(responseOn(1, long).length)
  })

  test('nothing is lost of input that comes while output waits', () => {
    const connection = openedMini(undefined, { maxWaitingOutput: 50 })
    for (let at = 0; at < requests.length; at += 7) {
      connection.receive(requests.slice(at, at + 7))
    }
    expect(takeAll(connection)).toEqual(responses)
  })

  test('frames without an answer are held back as well, in their order', () => {
    const connection = openedMini(undefined, { maxWaitingOutput: 1 })
    connection.receive(concatenate(getRequest(1), pingFrame(), getRequest(3)))
    expect(takeAll(connection)).toEqual(
      concatenate(responseOn(1), pingFrame('12345678', { ack: true }), responseOn(3)),
    )
  })
})

test('by default a whole batch of requests is answered in one run', () => {
  const connection = new MiniConnection(HELLO)
  connection.receive(concatenate(CLIENT_OPENING, requests))
  expect(connection.takeOutput()).toHaveLength(18 + responses.length)
  expect(connection.takeOutput()).toBeUndefined()
})
