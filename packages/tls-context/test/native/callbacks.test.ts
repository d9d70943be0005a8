import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { acceptAnyCertificateCallback, selectH2Callback } from '../../src/native'
import { callbackPointer } from '../../src/native/foreign/callback-pointer'
import { parseProtocolNames } from '../../src/native/openssl/callbacks'

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')

test.each([selectH2Callback, acceptAnyCertificateCallback])(
  'the README has the documentation of $name as it is defined',
  ({ documentation }) => {
    expect(readme).toContain(documentation)
  },
)

test('a callback is registered once', () => {
  expect(callbackPointer(selectH2Callback)).toBe(callbackPointer(selectH2Callback))
  expect(callbackPointer(selectH2Callback)).not.toBe(callbackPointer(acceptAnyCertificateCallback))
})

test('RFC 7301 3.1: a list of protocol names is taken apart', () => {
  const list = Buffer.from('\x02h2\x08http/1.1\x01\xff', 'latin1')
  expect(parseProtocolNames(list)).toEqual([
    { name: 'h2', offset: 1 },
    { name: 'http/1.1', offset: 4 },
    { name: '\xff', offset: 13 },
  ])
  expect(parseProtocolNames(Buffer.alloc(0))).toEqual([])
})
