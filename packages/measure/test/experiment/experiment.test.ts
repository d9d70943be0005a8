import { describe, expect, test } from 'vitest'
import {
  type Clip,
  crossProduct,
  defineClip,
  defineExperiment,
  type Experiment,
  MeasureError,
  type RunOptions,
  runExperiment,
  type Simulator,
  type TrialOutcome,
} from '../../src'

interface Point {
  readonly size: number
  readonly color: string
}

interface World {
  readonly point: Point
  readonly log: string[]
}

const VARIABLES = { size: [1, 2], color: ['red', 'blue'] }

function simulator(log: string[], about: Partial<Simulator<Point, World>> = {}) {
  return {
    async prepare(point: Point) {
      log.push(`prepare ${point.size} ${point.color}`)
      return { point, log }
    },
    async run(_: World, phases: { begin(): Promise<void>; end(): Promise<void> }) {
      log.push('run')
      await phases.begin()
      await phases.end()
    },
    async dispose() {
      log.push('dispose')
    },
    ...about,
  }
}

function clip(about: Partial<Clip<World>> = {}): Clip<World> {
  return defineClip<World>({
    name: 'size',
    title: 'the size',
    columns: { doubled: 'twice the size' },
    schedule: { kind: 'at-end' },
    instrument: ({ point, log }) => ({
      enable: () => void log.push('enable'),
      disable: () => void log.push('disable'),
      collect() {
        log.push('collect')
        return { doubled: point.size * 2 }
      },
    }),
    ...about,
  })
}

function experiment(
  log: string[],
  about: Partial<Experiment<Point, World>> = {},
): Experiment<Point, World> {
  return defineExperiment({
    name: 'sizes',
    title: 'what sizes do',
    variables: VARIABLES,
    simulator: simulator(log),
    clips: [clip()],
    ...about,
  })
}

async function outcomesOf(
  one: Experiment<Point, World>,
  options: RunOptions<Point> = {},
): Promise<TrialOutcome<Point>[]> {
  const outcomes = []
  for await (const outcome of runExperiment(one, options)) outcomes.push(outcome)
  return outcomes
}

const ONE_POINT = { size: [3], color: ['red'] }

describe('crossProduct', () => {
  test('has every combination once, the last variable changing fastest', () => {
    expect(crossProduct<Point>(VARIABLES)).toEqual([
      { size: 1, color: 'red' },
      { size: 1, color: 'blue' },
      { size: 2, color: 'red' },
      { size: 2, color: 'blue' },
    ])
  })

  test('of no variables is the one point without any', () => {
    expect(crossProduct({})).toEqual([{}])
  })
})

describe('runExperiment', () => {
  test('makes one trial of each point, then the next of each', async () => {
    const outcomes = await outcomesOf(experiment([]), { repeat: 2 })
    expect(
      outcomes.map(({ trial, round, variables }) => [
        trial,
        round,
        `${variables.size} ${variables.color}`,
      ]),
    ).toEqual([
      [1, 1, '1 red'],
      [2, 1, '1 blue'],
      [3, 1, '2 red'],
      [4, 1, '2 blue'],
      [5, 2, '1 red'],
      [6, 2, '1 blue'],
      [7, 2, '2 red'],
      [8, 2, '2 blue'],
    ])
    expect(outcomes.every(({ trials }) => trials === 8)).toBe(true)
  })

  test('leaves out what the experiment says is no point of it', async () => {
    const isPoint = ({ size, color }: Point) => size === 1 || color === 'red'
    const outcomes = await outcomesOf(experiment([], { isPoint }))
    expect(
      outcomes.map(({ trials, variables }) => [trials, variables.size, variables.color]),
    ).toEqual([
      [3, 1, 'red'],
      [3, 1, 'blue'],
      [3, 2, 'red'],
    ])
  })

  test('prepares, enables, disables, collects and disposes, in this order', async () => {
    const log: string[] = []
    const [outcome] = await outcomesOf(experiment(log, { variables: ONE_POINT }))
    expect(log).toEqual(['prepare 3 red', 'run', 'enable', 'disable', 'collect', 'dispose'])
    expect(outcome).toMatchObject({ outcome: 'completed', columns: { doubled: 6 }, series: [] })
  })

  test('goes on after a trial that failed, and takes it down', async () => {
    const log: string[] = []
    const failing = simulator(log, {
      async run(world, phases) {
        await phases.begin()
        if (world.point.color === 'red') throw new Error('no red')
        await phases.end()
      },
    })
    const outcomes = await outcomesOf(experiment(log, { simulator: failing }))
    expect(outcomes.map(({ outcome }) => outcome)).toEqual([
      'failed',
      'completed',
      'failed',
      'completed',
    ])
    expect(outcomes[0]).toMatchObject({ error: new Error('no red') })
    expect(log.filter((entry) => entry === 'dispose')).toHaveLength(4)
  })

  describe('a trial that took too long', () => {
    const late = new MeasureError('TIMED_OUT', 'It was late.')

    /** Fails as often as there are errors. */
    function failingWith(log: string[], ...errors: Error[]) {
      return simulator(log, {
        async run(_, phases) {
          await phases.begin()
          const error = errors.shift()
          if (error !== undefined) throw error
          await phases.end()
        },
      })
    }

    async function outcomeOf(...errors: Error[]) {
      const log: string[] = []
      const repeated: [number, Error][] = []
      const outcomes = await outcomesOf(
        experiment(log, { simulator: failingWith(log, ...errors), variables: ONE_POINT }),
        { onTrialRepeat: ({ trial }, _, error) => void repeated.push([trial, error]) },
      )
      expect(outcomes).toHaveLength(1)
      return { outcome: outcomes[0], repeated, log }
    }

    test('is made once more, and says why', async () => {
      const { outcome, repeated, log } = await outcomeOf(late)
      expect(outcome).toMatchObject({
        outcome: 'completed',
        trial: 1,
        columns: { doubled: 6 },
        repeatedAfter: late,
      })
      expect(repeated).toEqual([[1, late]])
      expect(log.filter((entry) => entry === 'dispose')).toHaveLength(2)
    })

    test('fails if it takes too long again', async () => {
      const again = new MeasureError('TIMED_OUT', 'It was late again.')
      const { outcome, repeated } = await outcomeOf(late, again)
      expect(outcome).toMatchObject({ outcome: 'failed', error: again, repeatedAfter: late })
      expect(repeated).toHaveLength(1)
    })

    test('is the only one that is made again', async () => {
      const { outcome, repeated } = await outcomeOf(new MeasureError('WRONG_ANSWER', 'It is 404.'))
      expect(outcome).toMatchObject({ outcome: 'failed' })
      expect(outcome).not.toHaveProperty('repeatedAfter')
      expect(repeated).toEqual([])
    })
  })

  test('has nothing to dispose of after a failed preparation', async () => {
    const log: string[] = []
    const failing = simulator(log, { prepare: () => Promise.reject(new Error('no world')) })
    const [outcome] = await outcomesOf(
      experiment(log, { simulator: failing, variables: ONE_POINT }),
    )
    expect(outcome).toMatchObject({ outcome: 'failed', error: new Error('no world') })
    expect(log).toEqual([])
  })

  test.each(['enable', 'disable', 'collect'] as const)(
    'a clip that fails to %s fails its trial',
    async (step) => {
      const failing = clip({
        instrument: () => ({
          enable() {},
          collect: () => ({ doubled: 0 }),
          [step]: () => Promise.reject(new Error(`can not ${step}`)),
        }),
      })
      const log: string[] = []
      const [outcome] = await outcomesOf(
        experiment(log, { clips: [failing], variables: ONE_POINT }),
      )
      expect(outcome).toMatchObject({ outcome: 'failed', error: new Error(`can not ${step}`) })
      expect(log).toContain('dispose')
    },
  )

  test('a clip that leaves a column out fails its trial', async () => {
    const forgetful = clip({ instrument: () => ({ enable() {}, collect: () => ({}) }) })
    const [outcome] = await outcomesOf(experiment([], { clips: [forgetful], variables: ONE_POINT }))
    expect(outcome).toMatchObject({
      outcome: 'failed',
      error: new TypeError('The clip size gave no doubled.'),
    })
  })

  test('ends when it is aborted, without a trial for what was under way', async () => {
    const controller = new AbortController()
    const log: string[] = []
    const aborting = simulator(log, {
      async run(world, phases, signal) {
        await phases.begin()
        if (world.point.color === 'blue') controller.abort()
        signal.throwIfAborted()
        await phases.end()
      },
    })
    const outcomes = await outcomesOf(experiment(log, { simulator: aborting }), {
      signal: controller.signal,
    })
    expect(outcomes.map(({ variables }) => variables)).toEqual([{ size: 1, color: 'red' }])
    expect(log.at(-1)).toBe('dispose')
  })
})

describe('a clip with a series', () => {
  test('is collected and reset again and again while the trial is measured', async () => {
    let counted = 0
    const counting = clip({
      schedule: { kind: 'every', milliseconds: 20 },
      instrument: () => ({
        enable() {},
        collect: () => ({ doubled: ++counted }),
        reset() {
          counted = 0
        },
      }),
    })
    const slow = simulator([], {
      async run(_, phases) {
        await phases.begin()
        await new Promise((resolve) => setTimeout(resolve, 150))
        await phases.end()
      },
    })
    const [outcome] = await outcomesOf(
      experiment([], { clips: [counting], simulator: slow, variables: ONE_POINT }),
    )
    if (outcome?.outcome !== 'completed') throw new Error('The trial failed.')
    expect(outcome.series.length).toBeGreaterThanOrEqual(2)
    expect(outcome.series.every(({ values }) => values['doubled'] === 1)).toBe(true)
    expect(outcome.columns).toEqual({})
    const collected = counted
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(counted).toBe(collected)
  })

  test('is collected at each event of its name', async () => {
    const listening = clip({ schedule: { kind: 'at-event', event: 'flash' } })
    const flashing = simulator([], {
      async run(_, phases) {
        await phases.begin()
        phases.signal('flash')
        phases.signal('thunder')
        phases.signal('flash')
        await phases.end()
      },
    })
    const [outcome] = await outcomesOf(
      experiment([], { clips: [listening], simulator: flashing, variables: ONE_POINT }),
    )
    expect(outcome).toMatchObject({
      series: [
        { clip: 'size', values: { doubled: 6 } },
        { clip: 'size', values: { doubled: 6 } },
      ],
    })
  })

  test('that fails fails its trial', async () => {
    const failing = clip({
      schedule: { kind: 'at-event', event: 'flash' },
      instrument: () => ({
        enable() {},
        collect: () => Promise.reject(new Error('blinded')),
      }),
    })
    const flashing = simulator([], {
      async run(_, phases) {
        await phases.begin()
        phases.signal('flash')
        await phases.end()
      },
    })
    const [outcome] = await outcomesOf(
      experiment([], { clips: [failing], simulator: flashing, variables: ONE_POINT }),
    )
    expect(outcome).toMatchObject({ outcome: 'failed', error: new Error('blinded') })
  })
})

describe('definitions', () => {
  test('a clip needs a name, a column and a positive interval', () => {
    expect(() => clip({ name: '' })).toThrow('A clip needs a name.')
    expect(() => clip({ columns: {} })).toThrow('The clip size needs a column at least.')
    expect(() => clip({ schedule: { kind: 'every', milliseconds: 0 } })).toThrow(
      "The clip size can't be collected every 0 ms.",
    )
  })

  test('two clips of an experiment have no column in common', () => {
    expect(() => experiment([], { clips: [clip(), clip({ name: 'other' })] })).toThrow(
      'The clips size and other both have a column doubled.',
    )
  })

  test('an experiment has a point at least', () => {
    expect(() => experiment([], { isPoint: () => false })).toThrow('No point of sizes is left')
  })

  test('each variable of an experiment has a value', () => {
    expect(() => experiment([], { variables: { size: [], color: ['red'] } })).toThrow(
      'The variable size of sizes needs a value at least.',
    )
  })
})
