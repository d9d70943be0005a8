import { describe, expect, test } from 'vitest'
import { type CompletedTrial, toCells } from '../../src'
import { kneeVerdicts } from '../../src/summary/knee-verdict'
import { completedTrial, failedTrial } from '../support/trials'

/** A trial at a rate, with so many microseconds of p99. */
function at(offeredRate: number, latencyP99: number, about: Partial<CompletedTrial> = {}) {
  return completedTrial({ offeredRate, latencyP99, othersUtilisation: 0, ...about })
}

const UNSENT = { requestsUnsent: 50_000 }

function verdictOf(trials: Parameters<typeof toCells>[0]) {
  return kneeVerdicts(toCells(trials))[0]!
}

describe('the verdict on latency over rates', () => {
  test('says up to which rate a server answers soon, and at which no more', () => {
    const trials = [at(1000, 400), at(5000, 800), at(20_000, 90_000, UNSENT)]
    expect(verdictOf(trials).knees).toEqual([
      'async/mini keeps p99 within 800 us up to 5,000 requests per second, but not at 20,000 (90 ms).',
    ])
  })

  test('says between which rates the spread of the repetitions leaves the knee', () => {
    const repeated = (rate: number, p99: number) =>
      [0.9, 1, 1.1].map((factor, index) => at(rate, p99 * factor, { round: index + 1 }))
    const trials = [...repeated(1000, 400), ...repeated(5000, 1900), ...repeated(9000, 9000)]
    expect(verdictOf(trials).knees[0]).toBe(
      'async/mini keeps p99 within 1.9 ms up to 5,000 requests per second, by the spread of its repetitions from 1,000 to 5,000, but not at 9,000 (9.0 ms).',
    )
  })

  test('says where no rate was too much', () => {
    expect(verdictOf([at(1000, 400), at(5000, 800)]).knees).toEqual([
      'async/mini keeps p99 within 800 us up to 5,000 requests per second, the highest rate that tells something of it.',
    ])
  })

  test('says where each rate was too much', () => {
    expect(verdictOf([at(1000, 9000, UNSENT)]).knees).toEqual([
      'async/mini does not answer soon even at 1,000 requests per second, the lowest rate (9.0 ms).',
    ])
  })

  test('does not blame a server for what the generator could not do', () => {
    const limited = at(5000, 90_000, { ...UNSENT, limit: 'generator' })
    const trials = [at(1000, 400), limited, at(9000, 80_000, UNSENT)]
    expect(verdictOf(trials).knees[0]).toContain(
      'up to 1,000 requests per second, but not at 9,000',
    )
  })

  test('says at which lower rates it did not keep up', () => {
    const trials = [at(1000, 90_000, UNSENT), at(5000, 800), at(9000, 600)]
    expect(verdictOf(trials).knees[0]).toContain(
      'keeps p99 within 800 us up to 9,000 requests per second (except at 1,000), the highest',
    )
  })

  test('puts the server first that answers soon at the highest rate', () => {
    const other = { implementation: 'node-http2' }
    const trials = [
      ...[at(1000, 400, other), at(5000, 90_000, { ...other, ...UNSENT })],
      ...[at(1000, 400), at(5000, 800)],
    ]
    const { title, knees } = verdictOf(trials)
    expect(title).toBe('1 client, TLS, 10 streams: highest rate at which answers come soon')
    expect(knees.map((knee) => knee.split(' ')[0])).toEqual(['async/mini', 'node-http2'])
  })

  test('warns of single repetitions, failures, refusals and new connections, but not of requests unsent', () => {
    const { warnings } = verdictOf([
      at(1000, 400, { reconnections: 2, refusals: 3 }),
      at(5000, 90_000, UNSENT),
      failedTrial({ offeredRate: 20_000 }),
    ])
    expect(warnings).toEqual([
      'Each rate was measured once, so nothing is known of the spread of these figures.',
      'Some trials failed of async/mini.',
      'Requests were refused, and sent again, by async/mini.',
      'Connections were ended and opened again by async/mini.',
    ])
  })

  test('is not about closed loops', () => {
    expect(kneeVerdicts(toCells([completedTrial()]))).toEqual([])
  })
})
