import { describe, expect, test } from 'vitest'
import { type RunFlags, runSettings } from '../../src/cli/run-settings'

const scenariosOf = (flags: { clients?: unknown; tls?: unknown }) =>
  runSettings(undefined, flags).size.scenarios

test('the default is all implementations, with one client and with five', () => {
  expect(runSettings(undefined, {})).toEqual({
    experiment: {
      loop: 'closed',
      of: expect.objectContaining({ name: 'sweep' }),
      method: { kind: 'turns', seed: undefined },
    },
    targets: { implementations: 'available', peers: [], remote: undefined },
    size: {
      scenarios: [
        { clients: 1, tls: true },
        { clients: 5, tls: true },
      ],
      streams: [100],
      duration: 0.3,
      warmup: 1,
    },
    repetitions: { kind: 'budget', minutes: 2.3, precision: undefined },
    quick: false,
    pin: false,
    force: false,
    out: undefined,
    json: false,
    wide: false,
  })
})

test('clients and TLS make the cross product of what is given', () => {
  expect(scenariosOf({ clients: '2,7', tls: 'both' })).toEqual([
    { clients: 2, tls: true },
    { clients: 7, tls: true },
    { clients: 2, tls: false },
    { clients: 7, tls: false },
  ])
})

test('clients alone are with TLS', () => {
  expect(scenariosOf({ clients: 3 })).toEqual([{ clients: 3, tls: true }])
})

test('TLS alone is with one client and with five', () => {
  expect(scenariosOf({ tls: 'off' })).toEqual([
    { clients: 1, tls: false },
    { clients: 5, tls: false },
  ])
})

test('more clients than any of the implementations can serve at once are refused', () => {
  expect(() => runSettings(undefined, { implementations: 'none/mini', clients: 5 })).toThrow(
    '--clients 5 is more than none/mini can serve at once: at most 1.',
  )
  const { scenarios } = runSettings(undefined, { implementations: 'none/mini' }).size
  expect(scenarios).toHaveLength(2)
})

test('a list has each value once, in the order given', () => {
  expect(runSettings('sweep', { streams: '9,1,9' }).size.streams).toEqual([9, 1])
})

test('what is given goes before what is quick', () => {
  const { size } = runSettings(undefined, { quick: true, streams: 7 })
  expect(size.streams).toEqual([7])
  expect(size.duration).toBeLessThan(runSettings(undefined, {}).size.duration)
})

test('peers are none, all that are installed, or those named', () => {
  const peersOf = (peers?: string) => runSettings(undefined, { peers }).targets.peers
  expect(peersOf()).toEqual([])
  expect(peersOf('none')).toEqual([])
  expect(peersOf('auto')).toBe('available')
  expect(peersOf('nginx,h2o')).toEqual(['nginx', 'h2o'])
})

test('a server that somebody else runs is measured alone, as its address says', () => {
  const { targets, size } = runSettings(undefined, { target: 'http://box:8080' })
  expect(targets).toEqual({
    implementations: [],
    peers: [],
    remote: { url: 'http://box:8080/', httpVersion: undefined },
  })
  expect(size.scenarios).toEqual([
    { clients: 1, tls: false },
    { clients: 5, tls: false },
  ])
})

test('others beside it are measured in the same scenarios', () => {
  const flags = { target: 'https://box/', implementations: 'uws', peers: 'auto' }
  const { targets, size } = runSettings(undefined, flags)
  expect(targets).toMatchObject({ implementations: ['uws'], peers: 'available' })
  expect(size.scenarios).toEqual(runSettings(undefined, {}).size.scenarios)
})

describe('the generator', () => {
  const methodOf = (flags: RunFlags) => runSettings(undefined, flags).experiment.method

  test('is the embedded one, in turns, unless another one is asked for', () => {
    expect(methodOf({})).toEqual({ kind: 'turns', seed: undefined })
    expect(methodOf({ seed: '7' })).toEqual({ kind: 'turns', seed: 7 })
    expect(methodOf({ generator: 'h2load' })).toEqual({ kind: 'whole', generator: 'h2load' })
  })

  test('may be a command that runs h2load', () => {
    expect(methodOf({ generatorCommand: 'ssh box h2load' })).toMatchObject({
      kind: 'whole',
      generator: { name: 'h2load' },
    })
  })

  test.each([
    [{ generator: 'embedded', generatorCommand: 'ssh box h2load' }, /--generator must be h2load/],
    [{ generator: 'h2load', seed: 1 }, /--seed is for the order of turns/],
    [{ pin: true, generatorCommand: 'ssh box h2load' }, /--pin is for this machine/],
  ])('%o is refused', (flags, message) => {
    expect(() => methodOf(flags)).toThrow(message)
  })

  test('that runs whole trials measures them for longer, and repeats them three times', () => {
    const { size, repetitions } = runSettings(undefined, { generator: 'h2load' })
    expect(size).toMatchObject({ duration: 2, warmup: 0.5 })
    expect(repetitions).toEqual({ kind: 'fixed', times: 3 })
  })
})

describe.each(['latency', 'equal-rate'])('the experiment %s', (name) => {
  test('is with five clients through TLS, and has its rates from a probe', () => {
    const { experiment, size } = runSettings(name, {})
    expect(experiment).toMatchObject({ loop: 'open', of: { name }, rates: undefined })
    expect(size).toMatchObject({ scenarios: [{ clients: 5, tls: true }], streams: [100] })
    expect(runSettings(name, { tls: 'off' }).size.scenarios).toEqual([{ clients: 5, tls: false }])
  })

  test('takes rates instead', () => {
    const { experiment } = runSettings(name, { rates: '1000,5000' })
    expect(experiment).toMatchObject({ rates: [1000, 5000] })
  })

  test.each(['0', '1.5', '1k', '', '-5'])('takes no rate %o', (rates) => {
    expect(() => runSettings(name, { rates })).toThrow(
      '--rates can\'t be "' +
        rates +
        '": it must be integers from 1 to 100000000, separated by commas.',
    )
  })

  test.each([{ generator: 'h2load' }, { generatorCommand: 'ssh box h2load' }])(
    'is not by h2load: %o',
    (flags) => {
      expect(() => runSettings(name, flags)).toThrow(/--generator must be embedded or left out/)
    },
  )
})

test('a sweep has no rates', () => {
  expect(() => runSettings('sweep', { rates: 1000 })).toThrow(
    "--rates can't be used with sweep, whose load is a closed loop: leave it out, or choose latency or equal-rate.",
  )
})

test('an experiment that does not exist is refused with those that do', () => {
  expect(() => runSettings('latencies', {})).toThrow(
    'There is no experiment "latencies": it must be one of sweep, latency, equal-rate.',
  )
})

describe('how often a point is measured', () => {
  const planOf = (flags: RunFlags) => runSettings(undefined, flags).repetitions

  test('depends on a budget', () => {
    expect(planOf({})).toEqual({ kind: 'budget', minutes: 2.3, precision: undefined })
    expect(planOf({ quick: true })).toEqual({ kind: 'budget', minutes: 0.4, precision: undefined })
    expect(planOf({ budget: '10' })).toEqual({ kind: 'budget', minutes: 10, precision: undefined })
  })

  test.each([
    ['5%', 0.05],
    ['2.5 %', 0.025],
    [1, 0.01],
  ])('depends on the precision %s, within an hour', (precision, part) => {
    expect(planOf({ precision })).toEqual({ kind: 'budget', minutes: 60, precision: part })
  })

  test('depends on both: what comes first', () => {
    const plan = planOf({ precision: '5%', budget: 3 })
    expect(plan).toEqual({ kind: 'budget', minutes: 3, precision: 0.05 })
  })

  test('is fixed by --repeat', () => {
    expect(planOf({ repeat: 4 })).toEqual({ kind: 'fixed', times: 4 })
  })

  test.each(['precision', 'budget'] as const)('is not both fixed and of --%s', (other) => {
    expect(() => planOf({ repeat: 4, [other]: 5 })).toThrow(
      `--repeat and --${other} can't be given together`,
    )
  })

  test.each(['0%', '-5%', 'five', '', '%', '101%'])('is of no precision %o', (precision) => {
    expect(() => planOf({ precision })).toThrow(
      `--precision can't be ${JSON.stringify(precision)}: it must be a percentage from 0.1% to 100%.`,
    )
  })
})
