import { describe, expect, test } from 'vitest'
import { commandOf } from '../command/options'

describe('the command', () => {
  test('soaks our servers for half an hour in all by default', () => {
    const plan = commandOf([])
    if (plan.kind !== 'soak') throw new Error(plan.kind)
    expect(plan.servers.map(({ name }) => name)).toEqual([
      'async/http2',
      'async-custom/http2',
      'thread/http2',
      'none/http2',
    ])
    expect(plan.duration).toBe(450_000)
  })

  test('divides the minutes among those that are named', () => {
    const plan = commandOf(['--minutes', '2', '--implementation', 'thread/http2,none/http2'])
    expect(plan).toMatchObject({ kind: 'soak', duration: 60_000 })
  })

  test('knows which server has one client at a time, and which waits for a body', () => {
    const plan = commandOf(['--short'])
    if (plan.kind !== 'soak') throw new Error(plan.kind)
    expect(plan.servers).toMatchObject([
      { clients: 'many', answersTo: 'whole' },
      { clients: 'many', answersTo: 'whole' },
      { clients: 'few', answersTo: 'head' },
      { clients: 'one', answersTo: 'head' },
    ])
  })

  test.each([
    [['--implementation', 'async/mini'], '--implementation can\'t be "async/mini"'],
    [['--minutes', '0'], '--minutes can\'t be "0": it must be a number from 0.1 to 10000'],
    [['--minutes', ''], '--minutes can\'t be ""'],
    [['--short', '--minutes', '1'], 'leave --minutes out'],
    [['--seed', 'one'], '--seed can\'t be "one"'],
    [['--unknown'], "Unknown option '--unknown'"],
  ])('refuses %j', (args, message) => {
    expect(() => commandOf(args)).toThrow(message)
  })
})
