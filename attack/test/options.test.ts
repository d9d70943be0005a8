import { describe, expect, test } from 'vitest'
import { ATTACKS } from '../attacks/catalogue'
import { commandOf } from '../command/options'

describe('the command', () => {
  test('tries all attacks from one, ten and a thousand connections by default', async () => {
    const plan = await commandOf([])
    if (plan.kind !== 'attack') throw new Error(plan.kind)
    expect(plan.attacks).toEqual(ATTACKS)
    expect(plan.connections).toEqual([1, 10, 1000])
    expect(plan.servers.map(({ name }) => name)).toEqual([
      'async/http2',
      'async-custom/http2',
      'thread/http2',
      'none/http2',
      'node-http2',
      'nghttpd',
      'h2o',
      'nginx',
    ])
  })

  test('tries those that are named', async () => {
    const args = ['--only', 'rapid-reset,idle', '--implementations', 'none/http2', '--seconds', '2']
    const plan = await commandOf(args)
    if (plan.kind !== 'attack') throw new Error(plan.kind)
    expect(plan.attacks.map(({ name }) => name)).toEqual(['rapid-reset', 'idle'])
    expect(plan.servers.map(({ name }) => name)).toEqual(['none/http2'])
    expect(plan.seconds).toBe(2)
  })

  test.each([
    [['--only', 'slow-loris'], '--only can\'t be "slow-loris": it must be some of rapid-reset,'],
    [['--implementations', 'uws'], '--implementations can\'t be "uws": it must be some of'],
    [
      ['--connections', '1001'],
      '--connections can\'t be "1001": it must be a number from 1 to 1000',
    ],
    [['--connections', '1.5'], '--connections can\'t be "1.5": it must be whole numbers'],
    [['--seconds', '61'], '--seconds can\'t be "61": it must be a number from 0.5 to 60'],
    [['--seconds', ''], '--seconds can\'t be "": it must be a number'],
    [['--rate', '65'], '--rate can\'t be "65": it must be a number from 0.1 to 64'],
    [['--pid', '1'], '--pid goes with --target: leave it out'],
    [
      ['--target', 'https://127.0.0.1:1/', '--implementations', 'none/http2'],
      '--target says what is attacked',
    ],
    [['--target', 'https://192.0.2.1/'], 'only servers on loopback addresses are attacked'],
    [['--target', 'https://127.0.0.1:1/', '--pid', '4194304'], 'there is no such process'],
    [['--unknown'], "Unknown option '--unknown'"],
  ])('refuses %j', async (args, message) => {
    await expect(commandOf(args)).rejects.toThrow(message)
  })
})

describe('the attacks', () => {
  test('have names that differ, and say what they send', () => {
    const names = ATTACKS.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    for (const { name, advisory, sends } of ATTACKS) {
      expect(name).toMatch(/^[a-z0-9-]+$/)
      expect(advisory).not.toBe('')
      expect(sends).toMatch(/^[A-Z].*\.$/)
    }
  })
})
