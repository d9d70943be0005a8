import { expect, test } from 'vitest'
import { ErrorCode, errorCodeName } from '../../src/frames'

test('the error codes are 0x00 to 0x0d, in the order of the RFC', () => {
  expect(Object.entries(ErrorCode)).toEqual([
    ['NO_ERROR', 0],
    ['PROTOCOL_ERROR', 1],
    ['INTERNAL_ERROR', 2],
    ['FLOW_CONTROL_ERROR', 3],
    ['SETTINGS_TIMEOUT', 4],
    ['STREAM_CLOSED', 5],
    ['FRAME_SIZE_ERROR', 6],
    ['REFUSED_STREAM', 7],
    ['CANCEL', 8],
    ['COMPRESSION_ERROR', 9],
    ['CONNECT_ERROR', 10],
    ['ENHANCE_YOUR_CALM', 11],
    ['INADEQUATE_SECURITY', 12],
    ['HTTP_1_1_REQUIRED', 13],
  ])
})

test('an error code is shown by its name, and an unknown one as a number', () => {
  expect(errorCodeName(0)).toBe('NO_ERROR')
  expect(errorCodeName(0x0d)).toBe('HTTP_1_1_REQUIRED')
  expect(errorCodeName(0x0e)).toBe('0xe')
  expect(errorCodeName(0xffffffff)).toBe('0xffffffff')
})
