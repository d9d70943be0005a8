import { describe, expect, test } from 'vitest'
import { type CompletedTrial, type Manifest, parseTrial, type Trial } from '../../src'
import { compareFolders } from '../../src/compare/compare-folders'
import type { Comparison } from '../../src/compare/comparison'
import { outcomeOf, verdictLine } from '../../src/compare/verdict'
import { completedTrial, failedTrial, manifestOf } from '../support/trials'

/** Repetitions of a point whose CPU time per request is around a mean, as much above as below. */
function repetitions(mean: number, about: Partial<CompletedTrial> = {}): Trial[] {
  return [0.98, 0.99, 1, 1.01, 1.02].map((factor, index) =>
    // With the columns that have defaults.
    parseTrial(
      completedTrial({
        round: index + 1,
        serverCpuPerRequest: mean * factor,
        requestsPerSecond: 1e5 / factor,
        ...about,
      }),
    ),
  )
}

interface Runs {
  readonly before: readonly Trial[]
  readonly after: readonly Trial[]
  /** What the manifest of the second says. */
  readonly about?: Partial<Manifest>
  readonly force?: boolean
  readonly threshold?: number
}

function compare({ before, after, about, force = false, threshold = 0.05 }: Runs): Comparison {
  return compareFolders({
    a: { folder: 'before', results: { manifest: manifestOf(before), trials: before } },
    b: { folder: 'after', results: { manifest: manifestOf(after, about), trials: after } },
    threshold,
    force,
  })
}

const verdictsOf = ({ points }: Comparison) =>
  points.map(({ effects }) => effects.map(({ figure, verdict }) => `${figure}: ${verdict}`))

describe('two folders of results', () => {
  test('are compared point by point, by intervals of values that are not paired', () => {
    const comparison = compare({ before: repetitions(2), after: repetitions(2.2) })
    expect(comparison).toMatchObject({
      pairing: 'none',
      a: { name: 'before' },
      b: { name: 'after' },
    })
    const [{ subject, streams, effects } = {}] = comparison.points
    expect({ subject, streams }).toEqual({ subject: 'async/mini', streams: 10 })
    const [cpu, rate] = effects!
    expect(cpu!.ratio.value).toBeCloseTo(1.1, 6)
    expect(cpu!.ratio.low).toBeGreaterThan(1.05)
    expect(cpu!.ratio.high).toBeLessThan(1.15)
    expect(rate!.ratio.value).toBeCloseTo(1, 6)
    expect(verdictsOf(comparison)).toEqual([
      ['serverCpuPerRequest: beyond', 'requestsPerSecond: none'],
    ])
  })

  test('differ where the interval shows it, and are beyond the threshold only as a whole', () => {
    const verdictOfCpu = (mean: number) =>
      compare({ before: repetitions(2), after: repetitions(2 * mean) }).points[0]?.effects[0]
        ?.verdict
    expect(verdictOfCpu(1.01)).toBe('none')
    expect(verdictOfCpu(1.04)).toBe('worse')
    // Its nearer end is within.
    expect(verdictOfCpu(1.06)).toBe('worse')
    expect(verdictOfCpu(1.09)).toBe('beyond')
    expect(verdictOfCpu(0.8)).toBe('better')
  })

  test('are worse if there are fewer requests per second', () => {
    const comparison = compare({
      before: repetitions(2),
      after: repetitions(2, { requestsPerSecond: 80_000 }),
    })
    expect(verdictsOf(comparison)).toEqual([
      ['serverCpuPerRequest: none', 'requestsPerSecond: beyond'],
    ])
  })

  test('are not told apart by requests per second where the generator was the limit', () => {
    const comparison = compare({
      before: repetitions(2),
      after: repetitions(2, { requestsPerSecond: 80_000, limit: 'generator' }),
    })
    expect(verdictsOf(comparison)).toEqual([
      ['serverCpuPerRequest: none', 'requestsPerSecond: generator'],
    ])
  })

  test('of one repetition each show nothing', () => {
    const comparison = compare({
      before: [completedTrial({ serverCpuPerRequest: 1 })],
      after: [completedTrial({ serverCpuPerRequest: 9 })],
    })
    expect(verdictsOf(comparison)).toEqual([
      ['serverCpuPerRequest: none', 'requestsPerSecond: none'],
    ])
    expect(verdictLine(comparison)).toBe(
      'No difference shown between before and after in 2 figures: a single repetition shows none. 2 may still be worse by more than 5 %: repeat more often to tell.',
    )
  })

  test('say which points only one of them has', () => {
    const { points, notes } = compare({
      before: [...repetitions(2), ...repetitions(2, { streams: 1 })],
      after: [...repetitions(2), ...repetitions(2, { implementation: 'node-http2' })],
    })
    expect(points).toHaveLength(1)
    expect(notes).toContain('Only in before: async/mini, 1 client, TLS, 1 stream.')
    expect(notes).toContain('Only in after: node-http2, 1 client, TLS, 10 streams.')
  })

  test('without a point in common are refused', () => {
    expect(() =>
      compare({ before: repetitions(2), after: repetitions(2, { streams: 1 }) }),
    ).toThrow(/before and after have no point in common/)
  })

  test('with a failed trial are compared by the others, and that is no success', () => {
    const comparison = compare({
      before: repetitions(2),
      after: [...repetitions(2), parseTrial(failedTrial({ round: 6, error: 'it was gone' }))],
    })
    expect(comparison.points[0]?.failures).toEqual(['it was gone'])
    expect(outcomeOf(comparison)).toBe('failed')
  })
})

test('two folders of results are not refused for what an old one does not tell', () => {
  const trials = repetitions(2)
  const machine = { ...manifestOf(trials).machine, used: null, cpuSource: null }
  const comparison = compare({ before: trials, after: trials, about: { machine } })
  expect(comparison.points).toHaveLength(1)
})

describe('two folders of results that differ in more than servers', () => {
  const [before, after] = [repetitions(2), repetitions(2)]
  const machine = manifestOf(before).machine
  const turns = repetitions(2, { method: 'turns' })
  const whole = repetitions(2, { method: 'whole' })

  test.each<readonly [string, Runs, string]>([
    [
      'the machine',
      { before, after, about: { machine: { ...machine, cpu: 'Another CPU', cpus: 4 } } },
      '  machine: cpu: A CPU in A, Another CPU in B\n  machine: number of CPUs: 2 in A, 4 in B',
    ],
    [
      'the CPUs that were used',
      {
        before,
        after,
        about: { machine: { ...machine, used: { generator: [0], servers: [1] } } },
      },
      '  machine: CPUs of generator and servers: 0,1 and 0,1 in A, 0 and 1 in B',
    ],
    [
      'the clock of CPU time',
      { before, after, about: { machine: { ...machine, cpuSource: 'usage' } } },
      '  machine: source of CPU time: schedstat in A, usage in B',
    ],
    [
      'the length of a turn',
      { before, after, about: { method: { kind: 'turns', seed: 1, slice: 0.5 } } },
      '  method: length of a turn: 0.1 s in A, 0.5 s in B',
    ],
    [
      'the generator',
      { before, after, about: { generator: { name: 'h2load', version: '1.52.0' } } },
      '  generator: embedded in A, h2load 1.52.0 in B',
    ],
    [
      'the method',
      { before: whole, after: turns },
      '  method: how servers are loaded: whole in A, turns in B',
    ],
    [
      'the warm-up',
      { before, after, about: { options: { ...manifestOf(after).options, warmup: 3 } } },
      '  method: warm-up: 0.5 s in A, 3 s in B',
    ],
    [
      'the cipher',
      { before, after, about: { tlsCiphers: ['TLSv1.2 A'] } },
      '  method: TLS: TLSv1.3 TLS_AES_128_GCM_SHA256 in A, TLSv1.2 A in B',
    ],
  ])('are refused for %s, with each difference, unless forced', (_, runs, lines) => {
    const refused = expect.objectContaining({
      code: 'NOT_COMPARABLE',
      message: `These runs can't be compared, since more differs than the servers:\n${lines}\n--force compares them nevertheless.`,
    })
    expect(() => compare(runs)).toThrow(refused)
    const { notes, points } = compare({ ...runs, force: true })
    expect(points).toHaveLength(1)
    for (const line of lines.split('\n')) {
      expect(notes).toContain(`Compared although this differs: ${line.trim()}.`)
    }
  })

  test('are compared if the versions do: often that is the question', () => {
    const { notes } = compare({ before, after, about: { versions: { node: '22.1.0' } } })
    expect(notes).toContain('Versions that differ: node: 20.20.2 in A, 22.1.0 in B.')
  })
})

describe('the verdict', () => {
  const line = (factor: number, threshold = 0.05) =>
    verdictLine(compare({ before: repetitions(2), after: repetitions(2 * factor), threshold }))

  test('says whether a difference is shown, and how large one may be', () => {
    expect(line(1)).toMatch(
      /^No difference shown between before and after in 2 figures: it would be at most 2\.\d %\.$/,
    )
  })

  test('names the largest effect with its interval', () => {
    expect(line(1.2)).toMatch(
      /^WORSE: after is worse than before by more than 5 % in 1 of 2 figures, most in async\/mini, 1 client, TLS, 10 streams: CPU per request \+20 % \(\+17 to \+23 %\)\.$/,
    )
    expect(line(1.035)).toMatch(/^Not worse by more than 5 %: after is worse than before in 1 of 2/)
    expect(line(0.4)).toMatch(/^after is better than before in 1 of 2 .* 0\.40x \(0\.39 to 0\.41\)/)
  })

  test('does not claim what one of many figures shows by chance', () => {
    const streams = Array.from({ length: 12 }, (_, index) => index + 1)
    const before = streams.flatMap((count) => repetitions(2, { streams: count }))
    const after = streams.flatMap((count) =>
      repetitions(count === 7 ? 2.05 : 2, { streams: count }),
    )
    const comparison = compare({ before, after })
    expect(comparison.points[6]!.effects[0]!.verdict).toBe('worse')
    expect(verdictLine(comparison)).toMatch(
      /^No difference shown between before and after in 24 figures: .* 1 differs alone, as of 24 figures some do by chance\./,
    )
  })

  test('says what is not decided about the threshold', () => {
    expect(line(1.04)).toMatch(
      / 1 may still be worse by more than 5 %: repeat more often to tell\.$/,
    )
    expect(line(1.04, 0.2)).not.toContain('may still')
  })
})
