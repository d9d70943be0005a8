import { expect, test } from 'vitest'
import { SETTINGS_FRAME } from '../../src/frames'
import { settingsAckFrame, settingsFrame } from '../support/frames'
import { miniExchange } from '../support/mini'
import { CLIENT_OPENING } from '../support/requests'

test('the SETTINGS frame of mini leaves everything at its initial value', () => {
  expect(SETTINGS_FRAME).toEqual(settingsFrame())
})

test('each SETTINGS frame is acknowledged, in order', () => {
  const outcome = miniExchange(
    CLIENT_OPENING,
    settingsFrame({ INITIAL_WINDOW_SIZE: 1000, MAX_FRAME_SIZE: 20_000 }),
    settingsFrame([[0xfefe, 1]]),
  )
  expect(outcome.frames).toMatchObject([
    { type: 'SETTINGS', flags: [] },
    { type: 'SETTINGS', flags: ['ACK'] },
    { type: 'SETTINGS', flags: ['ACK'] },
    { type: 'SETTINGS', flags: ['ACK'] },
  ])
})

test('an acknowledgement is not acknowledged', () => {
  const outcome = miniExchange(CLIENT_OPENING, settingsAckFrame())
  expect(outcome.frames).toHaveLength(2)
})
