import { describe, expect, test } from 'vitest'
import { type Trial, toCells, verdicts } from '../../src'
import type { RankingWithTies, Verdict } from '../../src/summary/verdict'
import {
  noVerdict,
  rankingRemarks,
  rankTexts,
  verdictNotes,
  verdictTitle,
} from '../../src/summary/verdict-text'
import { completedTrial, failedTrial, roundsOf } from '../support/trials'

function verdictsOf(...trials: readonly (readonly Trial[])[]): Verdict[] {
  return verdicts(toCells(trials.flat()), trials.flat())
}

function rankingOf(...trials: readonly (readonly Trial[])[]): RankingWithTies {
  const [verdict] = verdictsOf(...trials)
  if (verdict?.ranking.kind === 'ranked') return verdict.ranking
  throw new Error(`There is no ranking: ${verdict?.ranking.kind}.`)
}

/** The ranks as names, those that tie together. */
function namesOf({ ranks }: RankingWithTies): string[][] {
  return ranks.map(({ best, ties }) => [best, ...ties.map(({ cell }) => cell)].map(nameOf))
}

const nameOf = ({ implementation }: { readonly implementation: string }) => implementation

/** All rounds differ a little in the same way, as a machine's speed does, so ratios of equals are near 1. */
const DRIFT = [1, 1.3, 0.8, 1.1]
/** Nothing in common with one another: ratios of these spread by some per cent. */
const NOISES = [
  [1, 1.04, 0.97, 1.02],
  [1.03, 0.98, 1.01, 0.97],
  [0.98, 1.01, 1.03, 1.01],
]

function figures(cpu: number, noise = 0): number[] {
  return DRIFT.map((drift, round) => cpu * drift * NOISES[noise]![round]!)
}

const MINI = roundsOf('async/mini', figures(1))
const HTTP2 = roundsOf('async/http2', figures(2, 1))
const CUSTOM = roundsOf('async-custom/http2', figures(2, 2))
const BASELINE = roundsOf('node-http2', figures(20, 1))

describe('the ranking', () => {
  test('has the least CPU per request first', () => {
    expect(namesOf(rankingOf(BASELINE, HTTP2, MINI))).toEqual([
      ['async/mini'],
      ['async/http2'],
      ['node-http2'],
    ])
  })

  test('ties those whose ratio may be 1, though the machine drifted by far more than they differ', () => {
    expect(namesOf(rankingOf(MINI, HTTP2, CUSTOM, BASELINE))).toEqual([
      ['async/mini'],
      [expect.stringContaining('http2'), expect.stringContaining('http2')],
      ['node-http2'],
    ])
  })

  test('compares each with the best of its rank: a chain of ties is none', () => {
    // Steps of 3 %, where 5 % are shown: each is as good as the next, the last not as the first.
    const noise = [1, 1.03, 0.97, 1]
    const step = (name: string, factor: number, shift: number) =>
      roundsOf(
        name,
        noise.map((_, round) => factor * noise[(round + shift) % 4]!),
      )
    const ranking = rankingOf(step('a', 1, 0), step('b', 1.035, 1), step('c', 1.07, 0))
    expect(namesOf(ranking)).toEqual([['a', 'b'], ['c']])
    expect(ranking.alsoNotShown.map((pair) => pair.map(nameOf))).toEqual([['b', 'c']])
    expect(rankingRemarks(ranking)).toEqual([
      'In different ranks, but not shown to differ either: b and c.',
    ])
  })

  test('tells differences that hold together with all others from those that hold by itself', () => {
    const two = [1, 1.03, 0.97, 1]
    const weak = two.map((value) => value * 1.06)
    const alone = rankingOf(roundsOf('a', [1, 1, 1, 1]), roundsOf('b', weak))
    expect(alone.ranks[1]?.step?.holds).toBe('together')
    const others = ['c', 'd', 'e'].map((name, index) => roundsOf(name, figures(3, index)))
    const many = rankingOf(roundsOf('a', [1, 1, 1, 1]), roundsOf('b', weak), ...others)
    expect(many.ranks[1]).toMatchObject({ best: { implementation: 'b' }, step: { holds: 'alone' } })
    expect(rankTexts(many)[1]?.best).toMatch(
      /^b: 1\.06 times the CPU of a \(.* to .*; by itself\)$/,
    )
    expect(rankTexts(alone)[1]?.best).not.toContain('by itself')
  })

  test('claims nothing of what has less than two rounds in common', () => {
    const ranking = rankingOf(
      roundsOf('a', [1, 1.01, null, null]),
      roundsOf('b', [null, 5, 5.1, 5]),
    )
    expect(namesOf(ranking)).toEqual([['a', 'b']])
    expect(rankTexts(ranking)[0]?.ties).toEqual([
      'a and b: not compared, because they have fewer than two rounds in common',
    ])
  })

  test('does not take a server for slow that lacks the round in which the machine was fast', () => {
    const drift = [10, 1, 12, 9]
    const lacking = roundsOf('a', [10, null, 12.1, 9])
    const slower = roundsOf(
      'b',
      drift.map((value) => value * 1.5),
    )
    // By their means alone b would be first.
    const [a, b] = toCells([...lacking, ...slower])
    expect(a!.serverCpuPerRequest!.value).toBeGreaterThan(b!.serverCpuPerRequest!.value)
    expect(namesOf(rankingOf(lacking, slower))).toEqual([['a'], ['b']])
  })

  test('leaves out what did not keep up with the offered rate, and says so', () => {
    const at = { offeredRate: 25_000 }
    const behind = { ...at, requestsUnsent: 20_000 }
    const trials = [
      roundsOf('async/mini', figures(1), at),
      roundsOf('async/http2', figures(2, 1), at),
      roundsOf('node-http2', figures(20, 1), behind),
    ]
    const ranking = rankingOf(...trials)
    expect(namesOf(ranking)).toEqual([['async/mini'], ['async/http2']])
    expect(rankingRemarks(ranking)).toEqual([
      'Not ranked, since it did not keep up with the offered rate: node-http2.',
    ])
    expect(
      rankTexts(ranking)
        .map(({ best }) => best)
        .join(),
    ).not.toContain('node-http2')
    expect(toCells(trials.flat()).map(({ vsBaseline }) => vsBaseline)).toEqual([null, null, null])
  })

  test('ranks nothing where no server kept up', () => {
    const behind = { offeredRate: 25_000, requestsUnsent: 20_000 }
    const [verdict] = verdictsOf(roundsOf('async/mini', figures(1), behind))
    expect(verdict?.ranking).toEqual({ kind: 'nothing-measured' })
  })

  test('leaves out what could not be measured, and says so', () => {
    const ranking = rankingOf(MINI, HTTP2, [failedTrial({ implementation: 'uws' })])
    expect(namesOf(ranking).flat()).not.toContain('uws')
    expect(rankingRemarks(ranking)).toEqual(['Not ranked, since nothing could be measured: uws.'])
  })

  test('is by requests per second where the CPU time of one is unknown', () => {
    const remote = NOISES[2]!.map((noise, index) =>
      completedTrial({
        implementation: 'https://box/',
        round: index + 1,
        serverCpuPerRequest: null,
        requestsPerSecond: 50_000 * noise,
      }),
    )
    const [verdict] = verdictsOf(MINI, remote)
    expect(verdictTitle(verdict!)).toBe(
      '1 client, TLS, 10 streams: most requests per second first, since the CPU time of https://box/ is unknown',
    )
    const ranking = rankingOf(MINI, remote)
    expect(namesOf(ranking)).toEqual([['async/mini'], ['https://box/']])
    expect(rankTexts(ranking).map(({ best }) => best)).toEqual([
      'async/mini: 100,000 ±<1% per second',
      expect.stringMatching(
        /^https:\/\/box\/: 0\.50 times the requests of async\/mini \(0\.4\d to 0\.5\d\)$/,
      ),
    ])
  })

  test('at equal offered load is by CPU all the same, and leaves out who tells none', () => {
    const offeredRate = 5000
    const remote = [1, 2].map((round) =>
      completedTrial({
        implementation: 'https://box/',
        round,
        offeredRate,
        serverCpuPerRequest: null,
      }),
    )
    const local = roundsOf('async/mini', figures(1), { offeredRate })
    const [verdict] = verdictsOf(local, remote)
    expect(verdictTitle(verdict!)).toBe(
      '1 client, TLS, 10 streams at 5,000 requests per second: least CPU per request first',
    )
    expect(rankingRemarks(rankingOf(local, remote))).toEqual([
      'Not ranked, since their CPU time is unknown: https://box/.',
    ])
  })
})

describe('in words', () => {
  test('the first has its figure, the others how many times that is; each the factor to the baseline', () => {
    const [first, second, last] = rankTexts(rankingOf(MINI, HTTP2, BASELINE))
    expect(first?.best).toMatch(
      /^async\/mini: 1\.0 us ±\d\d%, 20 times less than node-http2 \(\d\d to \d\d\)$/,
    )
    expect(second?.best).toMatch(
      /^async\/http2: 1\.9\d times the CPU of async\/mini \(1\.\d\d to 2\.\d\), 10 times less than node-http2 \(10\.\d to 10\.\d\)$|^async\/http2: .*10 times less than node-http2/,
    )
    expect(last?.best).toMatch(
      /^node-http2, the baseline: 10(\.0)? times the CPU of async\/http2 \(/,
    )
  })

  test('a tie has the interval of the ratio', () => {
    const texts = rankTexts(rankingOf(MINI, HTTP2, CUSTOM))
    expect(texts[1]?.ties).toEqual([
      expect.stringMatching(
        /^async\S*\/http2 and async\S*\/http2: no difference shown, 0\.9\d to 1\.0\d$/,
      ),
    ])
  })

  test('what takes more than the baseline is told as such', () => {
    const slow = roundsOf('fastify', figures(30))
    const slower = roundsOf('hono', figures(60))
    const texts = rankTexts(rankingOf(BASELINE, slow, slower)).map(({ best }) => best)
    expect(texts[1]).toMatch(/^fastify: 1\.5\d? times the CPU of node-http2 \([\d. to]+\)$/)
    expect(texts[2]).toMatch(/, 3\.0 times node-http2 \(2\.\d to 3\.\d\)$/)
  })

  test('HTTP/1.1 is marked', () => {
    const uws = roundsOf('uws', figures(3), { httpVersion: 'http/1.1' })
    expect(rankTexts(rankingOf(MINI, uws))[1]?.best).toMatch(/^uws \(HTTP\/1\.1\): /)
  })

  test('closed loops are told from equal offered load', () => {
    const closed = verdictNotes(verdictsOf(MINI, HTTP2)).join('\n')
    expect(closed).toContain('batches differ')
    expect(closed).not.toContain('Equal offered load')
    const offeredRate = 5000
    const open = verdictNotes(
      verdictsOf(
        roundsOf('async/mini', figures(1), { offeredRate }),
        roundsOf('async/http2', figures(2), { offeredRate }),
      ),
    ).join('\n')
    expect(open).toContain('Equal offered load')
    expect(open).not.toContain('batches differ')
  })
})

describe('a single repetition', () => {
  const single = verdictsOf(roundsOf('async/mini', [1]), roundsOf('node-http2', [20]))

  test('claims nothing', () => {
    expect(single[0]?.ranking).toEqual({ kind: 'single-repetition' })
    expect(noVerdict(single)).toBe(
      'No verdict: a single repetition has no spread, so nothing can be claimed.',
    )
  })

  test('at one point takes nothing from the others', () => {
    const both = verdictsOf(MINI, HTTP2, roundsOf('async/mini', [1], { streams: 100 }))
    expect(both.map(({ ranking }) => ranking.kind)).toEqual(['ranked', 'single-repetition'])
    expect(noVerdict(both)).toBeUndefined()
    expect(verdictNotes(both)[0]).toContain('Where there is no ranking: a single repetition')
  })
})

test('nothing measured is no verdict', () => {
  const none = verdictsOf([failedTrial()])
  expect(none[0]?.ranking).toEqual({ kind: 'nothing-measured' })
  expect(noVerdict(none)).toBe('No verdict: nothing could be measured.')
})

describe('warnings', () => {
  const warningsOf = (about: Parameters<typeof completedTrial>[0]) =>
    verdictsOf(roundsOf('nginx', figures(3), about))[0]?.warnings

  test('there are none where all is as it should be', () => {
    expect(warningsOf({})).toEqual([])
  })

  test.each([
    [
      { reconnections: 10 },
      'nginx ended connections: 40 were reopened, which is part of its cost.',
    ],
    [
      { refusals: 10 },
      'nginx refused requests 40 times (REFUSED_STREAM): they were sent again, which is part of its cost.',
    ],
    [{ mostInFlight: 4 }, 'nginx had at most 4 requests in flight on a connection, not 10.'],
    [{ requestsFailed: 3, requestsTimedOut: 3 }, 'nginx left 12 requests without an answer.'],
    [{ requestsFailed: 500 }, 'nginx did not answer 2,000 requests correctly.'],
    [
      { requestsUnsent: 25, offeredRate: 5000 },
      'nginx got 100 requests fewer than were due, because it had no room for them.',
    ],
    [
      { steady: false },
      'Not yet steady after the warm-up, with the number of repetitions: nginx (4 of 4).',
    ],
    [
      { slices: 20, slicesDropped: 5 },
      '20 of 100 turns were dropped because others used the machine.',
    ],
    [
      { othersUtilisation: 0.3, stealUtilisation: 0.2 },
      'Others used up to 0.50 CPUs of the machine during the run.',
    ],
    [{ limit: 'generator' as const }, 'The generator was the limit, not the server, for nginx.'],
  ])('%j is told', (about, warning) => {
    expect(warningsOf(about)).toEqual([warning])
  })

  test('fewer in flight than asked for are as it should be at equal offered load', () => {
    expect(warningsOf({ mostInFlight: 1, offeredRate: 100 })).toEqual([])
  })

  test('a dropped turn among many, and hardly anything else on the machine, are not', () => {
    expect(warningsOf({ slices: 99, slicesDropped: 1, othersUtilisation: 0.05 })).toEqual([])
  })
})
