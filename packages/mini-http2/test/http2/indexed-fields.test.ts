import { concatenate, octetize } from '@h2lab/octets'
import { describe, expect, test } from 'vitest'
import { usedHeap } from '../../../../test-support/used-heap'
import type { Handler } from '../../src'
import { headersFrame } from '../support/frames'
import { answersTo, Conversation } from '../support/http2'

/*
 * Fields that a client has put into the dynamic table cost it one octet, RFC 7541 section 6.1. They cost us a reference.
 */

/** What a cookie may have so that its entry just fits into a table of 4,096 octets. */
const COOKIE_LENGTH = 3900

/** `cookie`, index 32, with a value that goes into the table, section 6.2.1. */
function newCookie(value: string): Uint8Array {
  const octets = octetize(value)
  expect(octets.length).toBe(COOKIE_LENGTH)
  // 3,900 - 127 = 29 * 128 + 61, section 5.1.
  return concatenate(Uint8Array.of(0x60, 0x7f, 0x80 | 61, 29), octets)
}

/** GET, https, / and localhost, without the dynamic table. */
const GET = Uint8Array.of(0x82, 0x87, 0x84, 0x01, 1, 0x61)

/** The newest entry of the dynamic table. */
const NEWEST = 0x80 | 62

function newCookieRequest(streamId: number, value: string): Uint8Array {
  return headersFrame(streamId, concatenate(GET, newCookie(value)), { endStream: true })
}

function indexedRequest(streamId: number, crumbs: number): Uint8Array {
  const cookies = new Uint8Array(crumbs).fill(NEWEST)
  return headersFrame(streamId, concatenate(GET, cookies), { endStream: true })
}

/** Requests that follow each other, each with its own path, so that no head is found in the cache. */
function differentRequest(streamId: number, crumbs: number): Uint8Array {
  const path = octetize(`/${streamId}`)
  const block = concatenate(
    Uint8Array.of(0x82, 0x87, 0x01, 1, 0x61, 0x04, path.length),
    path,
    new Uint8Array(crumbs).fill(NEWEST),
  )
  return headersFrame(streamId, block, { endStream: true })
}

describe('the cookie of a request that refers to 15 crumbs of 3,900 octets', () => {
  test('is whole, and one field', () => {
    const seen: unknown[] = []
    const app: Handler = ({ headers }, response) => {
      seen.push(headers.get('cookie')?.length, headers.getAll('cookie').length, headers.raw.length)
      response.send(200)
    }
    answersTo(app, newCookieRequest(1, 'c'.repeat(COOKIE_LENGTH)), indexedRequest(3, 15))
    const whole = 15 * COOKIE_LENGTH + 14 * '; '.length
    expect(seen.slice(-3)).toEqual([whole, 1, 1])
  })

  test('takes no memory of its own while 127 such requests wait', async () => {
    const conversation = new Conversation()
    conversation.send(newCookieRequest(1, 'c'.repeat(COOKIE_LENGTH)))
    const before = await usedHeap()
    for (let streamId = 3; streamId <= 255; streamId += 2) {
      conversation.send(differentRequest(streamId, 15))
    }
    const growth = (await usedHeap()) - before
    expect(conversation.exchanges).toHaveLength(128)
    // A copy of each would be 7.4 MB.
    expect(growth).toBeLessThan(1_000_000)
    expect(conversation.exchanges.at(-1)?.request.headers.has('cookie')).toBe(true)
  })
})

describe('an idle connection', () => {
  test('keeps no more than its table of the fields that it was sent', async () => {
    const connections: Conversation[] = []
    const before = await usedHeap()
    for (let count = 0; count < 100; count++) {
      const conversation = new Conversation({ app: (_, response) => response.send(200) })
      conversation.send(newCookieRequest(1, 'c'.repeat(COOKIE_LENGTH)))
      for (let streamId = 3; streamId <= 9; streamId += 2) {
        conversation.send(indexedRequest(streamId, 15 - (streamId >> 1)))
      }
      connections.push(conversation)
    }
    const each = ((await usedHeap()) - before) / connections.length
    // With copies of the last four cookies, 200,000.
    expect(each).toBeLessThan(40_000)
  })

  test('forgets the heads of fields that its table has dropped', async () => {
    const app: Handler = (_, response) => response.send(200)
    const conversations = Array.from({ length: 100 }, () => new Conversation({ app }))
    const fill = (streamId: number): void => {
      const cookie = String(streamId % 10).repeat(COOKIE_LENGTH)
      for (const conversation of conversations) {
        conversation.send(newCookieRequest(streamId, cookie), indexedRequest(streamId + 2, 1))
      }
    }
    fill(1)
    const before = await usedHeap()
    for (let streamId = 5; streamId < 40; streamId += 4) fill(streamId)
    const growth = (await usedHeap()) - before
    // Three more cookies for each would be 11,700.
    expect(growth / conversations.length).toBeLessThan(8000)
  })
})

describe('a field that no request may have', () => {
  test('is found when it comes from the table, again and again', () => {
    // x: with a line feed.
    const literal = Uint8Array.of(0x40, 1, 0x78, 1, 0x0a)
    const { frames } = answersTo(
      (_, response) => response.send(200),
      headersFrame(1, concatenate(GET, literal), { endStream: true }),
      headersFrame(3, concatenate(GET, Uint8Array.of(NEWEST)), { endStream: true }),
      headersFrame(5, concatenate(GET, Uint8Array.of(NEWEST)), { endStream: true }),
      headersFrame(7, GET, { endStream: true }),
    )
    expect(frames.map(({ type, streamId }) => [type, streamId])).toEqual([
      ['RST_STREAM', 1],
      ['RST_STREAM', 3],
      ['RST_STREAM', 5],
      ['HEADERS', 7],
    ])
  })

  test('does no harm to one that only has its name', () => {
    const literal = Uint8Array.of(0x40, 1, 0x78, 1, 0x0a)
    const sameName = Uint8Array.of(0x7e, 1, 0x61)
    const { frames } = answersTo(
      (_, response) => response.send(200),
      headersFrame(1, concatenate(GET, literal), { endStream: true }),
      headersFrame(3, concatenate(GET, sameName), { endStream: true }),
    )
    expect(frames.map(({ type, streamId }) => [type, streamId])).toEqual([
      ['RST_STREAM', 1],
      ['HEADERS', 3],
    ])
  })
})
