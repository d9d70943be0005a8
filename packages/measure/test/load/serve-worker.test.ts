import { describe, expect, test } from 'vitest'
import type { FromLoadWorker } from '../../src/load/protocol'
import { serveWorker } from '../../src/load/serve-worker'

function worker() {
  const said: FromLoadWorker[] = []
  return { ...serveWorker({ send: (message) => said.push(message) }, '1.2.3'), said }
}

describe('a load worker', () => {
  test('says first of all what it is', () => {
    const { said } = worker()
    expect(said).toEqual([{ type: 'hello', version: '1.2.3', node: process.versions.node }])
  })

  test.each([
    ['no message at all', 'good morning'],
    ['nothing', undefined],
    ['a message of an unknown type', { type: 'dance' }],
    ['a message without what belongs to it', { type: 'run', id: 1 }],
  ])('refuses %s, and goes on', (_, message) => {
    const { said, receive } = worker()
    receive(message)
    expect(said.at(-1)).toMatchObject({
      type: 'failed',
      id: null,
      code: 'USAGE',
      message: expect.stringContaining('Invalid message: '),
    })
    receive({ type: 'ping' })
    expect(said.at(-1)).toEqual({ type: 'pong' })
  })

  test('says that a session is not there', async () => {
    const { said, receive } = worker()
    receive({ type: 'stop', id: 7 })
    await Promise.resolve()
    expect(said.at(-1)).toEqual({
      type: 'failed',
      id: 7,
      code: 'USAGE',
      message: 'There is no session 7.',
    })
  })
})
