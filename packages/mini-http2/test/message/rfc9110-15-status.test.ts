import { describe, expect, test } from 'vitest'
import { MisuseError } from '../../src'
import { checkInformationalStatus, checkStatus, statusAllowsBody } from '../../src/message/status'

describe('a final status', () => {
  test.each([200, 204, 404, 599])('may be %i', (status) => {
    expect(checkStatus(status)).toBe(status)
  })

  test.each([199, 600, 0, -200, 200.5, Number.NaN])('may not be %d', (status) => {
    expect(() => checkStatus(status)).toThrow(MisuseError)
    expect(() => checkStatus(status)).toThrow(`an integer from 200 to 599, not ${status}`)
  })
})

describe('an informational status', () => {
  test.each([100, 102, 103, 199])('may be %i', (status) => {
    expect(checkInformationalStatus(status)).toBe(status)
  })

  test.each([99, 200, 101, 100.5, Number.NaN])('may not be %d', (status) => {
    expect(() => checkInformationalStatus(status)).toThrow(
      expect.objectContaining({ code: 'INVALID_STATUS' }),
    )
  })
})

test('6.4.1 and 15.3.6: there is no content with 204, 205 and 304', () => {
  const without = Array.from({ length: 400 }, (_, index) => 200 + index).filter(
    (status) => !statusAllowsBody(status),
  )
  expect(without).toEqual([204, 205, 304])
})
