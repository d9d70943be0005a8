import { describe, expect, test } from 'vitest'
import { unknownOption } from '../src'

const NAMES = {
  maxClients: true,
  onHandlerError: true,
  limits: { idleTimeout: true, idleFrameBurst: true },
  tls: { cert: true, key: true, clientCertificates: { mode: true, ca: true } },
} as const

test('options that exist are no error, whatever their values are', () => {
  expect(unknownOption(undefined, NAMES)).toBeUndefined()
  expect(unknownOption({}, NAMES)).toBeUndefined()
  const given = { maxClients: undefined, tls: { cert: '', clientCertificates: { ca: '' } } }
  expect(unknownOption(given, NAMES)).toBeUndefined()
  expect(unknownOption({ tls: true, limits: null }, NAMES)).toBeUndefined()
})

describe('an option that does not exist is named together with the nearest one', () => {
  test.each([
    ['a letter is missing', { maxClient: 5 }, 'maxClient', 'maxClients'],
    ['letters are swapped', { onHandlerErorr() {} }, 'onHandlerErorr', 'onHandlerError'],
    ['case differs', { MAXCLIENTS: 5 }, 'MAXCLIENTS', 'maxClients'],
    ['it is a part of the name', { limits: { idle: 5 } }, 'limits.idle', 'limits.idleTimeout'],
    ['the value is undefined', { maxClient: undefined }, 'maxClient', 'maxClients'],
    [
      'it is in an option of an option',
      { tls: { clientCertificates: { cas: '' } } },
      'tls.clientCertificates.cas',
      'tls.clientCertificates.ca',
    ],
  ])('%s', (_, options, unknown, nearest) => {
    const message = `There is no option ${unknown}. Did you mean ${nearest}?`
    expect(unknownOption(options, NAMES)).toBe(message)
  })
})

test('where none is near, all are listed', () => {
  expect(unknownOption({ tls: { foo: 1 } }, NAMES)).toBe(
    'There is no option tls.foo. The options of tls are cert, key, clientCertificates.',
  )
  expect(unknownOption({ constructor: 1 }, NAMES)).toBe(
    'There is no option constructor. The options are maxClients, onHandlerError, limits, tls.',
  )
})

test.each([
  [500, '500'],
  [null, 'null'],
  ['a secret', 'a string'],
  [() => {}, 'a function'],
])('options that are no object are an error: %s', (options, described) => {
  expect(unknownOption(options, { graceMs: true })).toBe(
    `The options must be an object, not ${described}. They may have graceMs.`,
  )
})
