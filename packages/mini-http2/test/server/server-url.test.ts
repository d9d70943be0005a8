import { expect, test } from 'vitest'
import { serverUrl } from '../../src/server'

test('the scheme says whether there is TLS', () => {
  expect(serverUrl({ host: '127.0.0.1', port: 8443, tls: true })).toBe('https://127.0.0.1:8443/')
  expect(serverUrl({ host: 'localhost', port: 80, tls: false })).toBe('http://localhost:80/')
})

test('an IPv6 address stands in brackets', () => {
  expect(serverUrl({ host: '::1', port: 8443, tls: true })).toBe('https://[::1]:8443/')
})

test.each(['0.0.0.0', '::'])('%s, which names all addresses, becomes localhost', (host) => {
  expect(serverUrl({ host, port: 8443, tls: true })).toBe('https://localhost:8443/')
})
