import { concatenate, type OctetVector, octetize } from '@h2lab/octets'
import { describe, expect, test } from 'vitest'
import type { Handler } from '../../src'
import { FrameType } from '../../src/frame/frame-type'
import { encodeWithoutDynamicTable } from '../../src/hpack'
import { headersFrame, pingFrame, rawFrame, settingsFrame } from '../support/frames'
import { AT_ONCE, Conversation } from '../support/http2'
import { GET } from '../support/http2-messages'
import { getRequest } from '../support/requests'

function stream(index: number): number {
  return 1 + 2 * index
}

function many(count: number, frame: (index: number) => OctetVector): OctetVector {
  return concatenate(...Array.from({ length: count }, (_, index) => frame(index)))
}

/** A request whose path no other has. */
function ownPath(index: number): OctetVector {
  const fields = [...GET.slice(0, 3), [':path', `/${index}`] as const]
  return headersFrame(stream(index), encodeWithoutDynamicTable(fields), { endStream: true })
}

/** SETTINGS as long as they may be, of a window that is different each time. */
function changingWindows(index: number): OctetVector {
  const payload = new Uint8Array(32 * 6)
  for (let at = 0; at < 32; at++) payload.set([0, 4, 0, 0, index & 0xff, at], at * 6)
  return rawFrame(FrameType.SETTINGS, 0, 0, payload)
}

describe('what a client sends at once is served in turns,', () => {
  const requests = 5000

  test('as long as there is input, and in its order', () => {
    const paths: string[] = []
    const app: Handler = ({ path }, response) => {
      paths.push(path)
      response.send(200)
    }
    const { connection } = new Conversation({ app })
    connection.receive(many(requests, ownPath))
    expect(connection).toMatchObject({ awaitsTurn: true, holdsInput: true, idle: false })
    const begun = paths.length
    expect(begun).toBeGreaterThan(0)
    expect(begun).toBeLessThan(300)
    connection.takeOutput()
    expect(paths).toHaveLength(begun)
    while (connection.awaitsTurn) {
      const before = paths.length
      connection.takeTurn()
      expect(paths.length).toBeGreaterThan(before)
      expect(paths.length - before).toBeLessThan(300)
      connection.takeOutput()
    }
    expect(paths).toEqual(Array.from({ length: requests }, (_, index) => `/${index}`))
    expect(connection).toMatchObject({ awaitsTurn: false, holdsInput: false, idle: true })
  })

  test('what comes meanwhile is behind it', () => {
    const paths: string[] = []
    const app: Handler = ({ path }, response) => {
      paths.push(path)
      response.send(200)
    }
    const conversation = new Conversation({ app })
    conversation.connection.receive(many(1000, ownPath))
    conversation.connection.receive(ownPath(1000))
    conversation.take()
    expect(paths).toEqual(Array.from({ length: 1001 }, (_, index) => `/${index}`))
  })

  test('however often something comes, and in whatever pieces', () => {
    const paths: string[] = []
    const app: Handler = ({ path }, response) => {
      paths.push(path)
      response.send(200)
    }
    const conversation = new Conversation({ app })
    conversation.connection.receive(many(1000, ownPath))
    const later = many(500, (index) => ownPath(1000 + index))
    for (let at = 0; at < later.length; at += 7) {
      conversation.connection.receive(later.subarray(at, at + 7))
      if (at % 100 === 0) conversation.connection.takeTurn()
    }
    conversation.take()
    expect(paths).toEqual(Array.from({ length: 1500 }, (_, index) => `/${index}`))
    expect(conversation.connection.holdsInput).toBe(false)
  })

  test('the end of the input as well', () => {
    const conversation = new Conversation({ app: AT_ONCE })
    conversation.connection.receive(many(1000, ownPath))
    conversation.connection.endInput()
    const heads = conversation.take().filter(({ type }) => type === 'HEADERS')
    expect(heads).toHaveLength(1000)
    expect(conversation.connection.state).toBe('closed')
  })

  test('nothing is served any more when the client is gone', () => {
    let calls = 0
    const app: Handler = (_, response) => {
      calls++
      response.send(200)
    }
    const { connection } = new Conversation({ app })
    connection.receive(many(1000, ownPath))
    const before = calls
    connection.abandon()
    connection.takeTurn()
    expect(calls).toBe(before)
    expect(connection.awaitsTurn).toBe(false)
  })
})

describe('a turn is bounded by what it costs us', () => {
  /** How much of some input a turn takes, in octets. */
  function takenPerTurn(
    input: OctetVector,
    prepare?: (conversation: Conversation) => void,
  ): number {
    const conversation = new Conversation({ limits: { maxWaitingAcknowledgements: 10_000 } })
    prepare?.(conversation)
    let turns = 1
    conversation.connection.takeTurn()
    conversation.connection.receive(input)
    while (conversation.connection.awaitsTurn) {
      conversation.connection.takeOutput()
      conversation.connection.takeTurn()
      turns++
    }
    return input.length / turns
  }

  test('PING: some thousand', () => {
    const ping = pingFrame()
    expect(takenPerTurn(many(9000, () => ping)) / ping.length).toBeLessThan(1100)
  })

  test('SETTINGS that change the windows of 128 streams: some twenty', () => {
    const frames = takenPerTurn(many(500, changingWindows), (conversation) => {
      conversation.send(settingsFrame({ INITIAL_WINDOW_SIZE: 0 }))
      conversation.send(many(128, (index) => getRequest(stream(index))))
      for (const { response } of conversation.exchanges) response.send(200, {}, octetize('waits'))
      expect(conversation.connection.state).toBe('open')
    })
    expect(frames / changingWindows(0).length).toBeLessThan(40)
  })

  describe('a handler that takes a millisecond:', () => {
    let now = 0
    let calls = 0
    const app: Handler = (_, response) => {
      calls++
      now++
      response.send(200)
    }

    function begin(): Conversation {
      calls = 0
      return new Conversation({ app, clock: () => now })
    }

    function requests(count: number): OctetVector {
      return many(count, (index) => getRequest(stream(index)))
    }

    test('few calls on a new connection, and one when that is known', () => {
      const conversation = begin()
      const { connection } = conversation
      connection.receive(requests(50))
      expect(calls).toBeLessThanOrEqual(8)
      connection.takeTurn()
      for (let before = calls; connection.awaitsTurn; before = calls) {
        connection.takeTurn()
        expect(calls - before).toBeLessThanOrEqual(1)
      }
      expect(calls).toBe(50)
      expect(connection.state).toBe('open')
    })

    test('fewer than 100 after any number of cheap frames', () => {
      const conversation = begin()
      const { connection } = conversation
      const cheap = many(1000, () => rawFrame(FrameType.PRIORITY, 0, 1, new Uint8Array(5)))
      for (let index = 0; index < 10; index++) conversation.send(cheap)
      expect(connection.state).toBe('open')
      connection.receive(requests(128))
      expect(calls).toBeGreaterThan(8)
      expect(calls).toBeLessThan(100)
      conversation.take()
      expect(calls).toBe(128)
    })
  })
})
