import { expect, test } from 'vitest'
import { IMPLEMENTATIONS } from '../../src'
import { runSettings } from '../../src/cli/run-settings'

const scenariosOf = (flags: { clients?: unknown; tls?: unknown }) =>
  runSettings(undefined, flags).sweep.scenarios

test('the default is the outline’s experiment with all implementations', () => {
  expect(runSettings(undefined, {})).toEqual({
    targets: { implementations: 'available', peers: [], remote: undefined },
    sweep: {
      scenarios: [
        { clients: 1, tls: true },
        { clients: 5, tls: true },
        { clients: 1, tls: false },
      ],
      streams: [1, 2, 5, 10, 20, 30, 40, 50, 60, 70, 80, 100, 120],
      duration: 2,
      warmup: 0.5,
    },
    repeat: 1,
    generator: 'auto',
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
  const { scenarios } = runSettings(undefined, { implementations: 'none/mini' }).sweep
  expect(scenarios).toHaveLength(3)
})

test('a list has each value once, in the order given', () => {
  expect(runSettings('sweep', { streams: '9,1,9' }).sweep.streams).toEqual([9, 1])
})

test('what is given goes before what is quick', () => {
  const { sweep } = runSettings(undefined, { quick: true, streams: 7 })
  expect(sweep.streams).toEqual([7])
  expect(sweep.duration).toBeLessThan(runSettings(undefined, {}).sweep.duration)
})

test('the quick default experiment takes less than three minutes with all implementations', () => {
  const { sweep } = runSettings(undefined, { quick: true })
  const trials = IMPLEMENTATIONS.length * sweep.scenarios.length * sweep.streams.length
  // What a trial takes besides: starting the server, and the generator twice.
  const besides = 0.5
  expect(trials * (sweep.duration + sweep.warmup + besides)).toBeLessThan(180)
})

test('peers are none, all that are installed, or those named', () => {
  const peersOf = (peers?: string) => runSettings(undefined, { peers }).targets.peers
  expect(peersOf()).toEqual([])
  expect(peersOf('none')).toEqual([])
  expect(peersOf('auto')).toBe('available')
  expect(peersOf('nginx,h2o')).toEqual(['nginx', 'h2o'])
})

test('a server that somebody else runs is measured alone, as its address says', () => {
  const { targets, sweep } = runSettings(undefined, { target: 'http://box:8080' })
  expect(targets).toEqual({
    implementations: [],
    peers: [],
    remote: { url: 'http://box:8080/', httpVersion: undefined },
  })
  expect(sweep.scenarios).toEqual([
    { clients: 1, tls: false },
    { clients: 5, tls: false },
  ])
})

test('others beside it are measured in the same scenarios', () => {
  const flags = { target: 'https://box/', implementations: 'uws', peers: 'auto' }
  const { targets, sweep } = runSettings(undefined, flags)
  expect(targets).toMatchObject({ implementations: ['uws'], peers: 'available' })
  expect(sweep.scenarios).toEqual(runSettings(undefined, {}).sweep.scenarios)
})

test('a command to run h2load with goes before the generators', () => {
  const { generator } = runSettings(undefined, { generatorCommand: 'ssh box h2load' })
  expect(generator).toMatchObject({ name: 'h2load' })
})
