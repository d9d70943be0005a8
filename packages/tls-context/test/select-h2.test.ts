import { expect, test } from 'vitest'
import { selectH2 } from '../src'

test('RFC 9113 3.2: h2 is chosen wherever the client lists it', () => {
  expect(selectH2(['h2'])).toBe('h2')
  expect(selectH2(['http/1.1', 'h2'])).toBe('h2')
})

test('RFC 9113 3.2: nothing is chosen from a list without exactly h2', () => {
  expect(selectH2([])).toBeUndefined()
  expect(selectH2(['http/1.1', 'h3', 'H2', 'h2 '])).toBeUndefined()
})

test('RFC 9113 3.1: h2c, HTTP/2 without TLS, is not chosen', () => {
  expect(selectH2(['h2c'])).toBeUndefined()
})
