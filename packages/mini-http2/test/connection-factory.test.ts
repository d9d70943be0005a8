import { expect, test } from 'vitest'
import { prebuildResponse } from '../src'
import { connectionFactory } from '../src/protocol'

test('a factory tells whether its connections call code of the application', () => {
  const prebuilt = prebuildResponse({ body: '.' })
  expect(connectionFactory('mini', prebuilt).callsHandlers).toBe(false)
  expect(connectionFactory('http2', prebuilt).callsHandlers).toBe(false)
  expect(connectionFactory('http2', (_, response) => response.send(200)).callsHandlers).toBe(true)
})
