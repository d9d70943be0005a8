import { expect, test } from 'vitest'
import { ClientPrefaceMismatchError } from '../../src'
import { CLIENT_PREFACE, CLIENT_PREFACE_LENGTH } from '../../src/frames'
import { hex } from '../support/frames'

test('the client preface is the 24 octets that the RFC spells out', () => {
  expect(CLIENT_PREFACE).toEqual(hex('505249202a20485454502f322e300d0a0d0a534d0d0a0d0a'))
  expect(CLIENT_PREFACE_LENGTH).toBe(24)
})

test('a mismatch keeps what was received, at most as much as a preface', () => {
  const received = Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
  const error = new ClientPrefaceMismatchError(received)
  expect(received.subarray(0, 24).equals(error.octets)).toBe(true)
  received.fill(0)
  expect(error.octets[0]).toBe('G'.charCodeAt(0))
})

test('a mismatch is a PROTOCOL_ERROR with a code of its own, and says what was there instead', () => {
  const text = new ClientPrefaceMismatchError(new TextEncoder().encode('GET / HTTP/1.1\r\n'))
  expect(text).toMatchObject({
    name: 'ClientPrefaceMismatchError',
    code: 'CLIENT_PREFACE_MISMATCH',
    errorCode: 1,
  })
  expect(text.message).toContain('the octets received were "GET / HTTP/1.1\\r\\n"')
  const binary = new ClientPrefaceMismatchError(hex('16 03 01 00'))
  expect(binary.message).toContain('the octets received were 16030100')
})
