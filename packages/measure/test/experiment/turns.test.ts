import { describe, expect, test } from 'vitest'
import {
  type Clip,
  defineClip,
  defineExperiment,
  type Experiment,
  MeasureError,
  type RunOptions,
  runExperiment,
  type TrialOutcome,
  type TurnSimulator,
} from '../../src'

interface Point {
  readonly size: number
  readonly color: string
}

interface World {
  readonly point: Point
  turns: number
}

const VARIABLES = { size: [1, 2], color: ['red', 'blue', 'green'] }

/** Everything that a simulator was asked to do, as `turn red`. */
type Log = string[]

type About = Partial<TurnSimulator<Point, World>>

function simulator(log: Log, about: About = {}): TurnSimulator<Point, World> {
  return {
    sideBySide: 'color',
    duration: 1,
    seed: 1,
    async prepare(point) {
      log.push(`prepare ${point.color}`)
      return { point, turns: 0 }
    },
    async warmUp({ point }) {
      log.push(`warm up ${point.color}`)
    },
    async turn(world) {
      world.turns++
      log.push(`turn ${world.point.color}`)
      return 0.25
    },
    async dispose({ point }) {
      log.push(`dispose ${point.color}`)
    },
    ...about,
  }
}

function turnsClip(log: Log, about: Partial<Clip<World>> = {}): Clip<World> {
  return defineClip<World>({
    name: 'turns',
    title: 'how many turns there were',
    columns: { turns: 'turns' },
    schedule: { kind: 'at-end' },
    instrument: (world) => ({
      enable: () => void log.push(`enable ${world.point.color}`),
      disable: () => void log.push(`disable ${world.point.color}`),
      collect: () => ({ turns: world.turns }),
    }),
    ...about,
  })
}

function experiment(
  log: Log,
  about: About = {},
  more: Partial<Experiment<Point, World>> = {},
): Experiment<Point, World> {
  return defineExperiment<Point, World>({
    name: 'colors',
    title: 'what colors do',
    variables: VARIABLES,
    simulator: simulator(log, about),
    clips: [turnsClip(log)],
    ...more,
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

const ONE_SIZE = { ...VARIABLES, size: [1] }

const turnsIn = (log: Log) => log.filter((entry) => entry.startsWith('turn '))

/** What the outcomes are, as `1 red completed`. */
const told = (outcomes: readonly TrialOutcome<Point>[]) =>
  outcomes.map(({ variables, outcome }) => `${variables.size} ${variables.color} ${outcome}`)

describe('trials in turns', () => {
  test('are one of each compared value, for one point after the other', async () => {
    const outcomes = await outcomesOf(experiment([]), { repeat: 2 })
    expect(outcomes.map(({ trial, round, variables }) => [trial, round, variables.size])).toEqual([
      ...[1, 2, 3].map((trial) => [trial, 1, 1]),
      ...[4, 5, 6].map((trial) => [trial, 1, 2]),
      ...[7, 8, 9].map((trial) => [trial, 2, 1]),
      ...[10, 11, 12].map((trial) => [trial, 2, 2]),
    ])
    expect(outcomes.map(({ variables }) => variables.color).slice(0, 3)).toEqual(VARIABLES.color)
    expect(outcomes.every(({ trials }) => trials === 12)).toBe(true)
  })

  test('are all warm and have their clips enabled before the first turn', async () => {
    const log: Log = []
    await outcomesOf(experiment(log, {}, { variables: ONE_SIZE }))
    const steps = log.map((entry) => entry.replace(/ \w+$/, ''))
    expect(steps.lastIndexOf('prepare')).toBeLessThan(steps.indexOf('warm up'))
    expect(steps.lastIndexOf('warm up')).toBeLessThan(steps.indexOf('enable'))
    expect(steps.lastIndexOf('enable')).toBeLessThan(steps.indexOf('turn'))
    for (const color of VARIABLES.color) {
      expect(log.indexOf(`disable ${color}`)).toBeGreaterThan(log.lastIndexOf(`turn ${color}`))
      expect(log.indexOf(`dispose ${color}`)).toBeGreaterThan(log.indexOf(`disable ${color}`))
    }
  })

  test('end when each has been measured for as long as it should be', async () => {
    const outcomes = await outcomesOf(experiment([], {}, { variables: ONE_SIZE }))
    expect(outcomes.map((one) => one.outcome === 'completed' && one.columns)).toEqual(
      VARIABLES.color.map(() => ({ turns: 4 })),
    )
  })

  test('come in an order that is shuffled each time, by the seed', async () => {
    const order = async (seed: number) => {
      const log: Log = []
      await outcomesOf(experiment(log, { seed, duration: 5 }, { variables: ONE_SIZE }))
      return turnsIn(log)
    }
    const one = await order(1)
    const rounds = Array.from({ length: 20 }, (_, index) => one.slice(index * 3, index * 3 + 3))
    for (const round of rounds) {
      expect([...round].sort()).toEqual(['turn blue', 'turn green', 'turn red'])
    }
    expect(new Set(rounds.map(String)).size).toBeGreaterThan(3)
    expect(await order(1)).toEqual(one)
    expect(await order(2)).not.toEqual(one)
  })

  test('never overlap, and at most two are prepared at a time', async () => {
    const under = { turn: 0, prepare: 0 }
    let mostTurns = 0
    let mostPrepared = 0
    const moment = () => new Promise((resolve) => setTimeout(resolve, 2))
    const busy: About = {
      async prepare(point) {
        mostPrepared = Math.max(mostPrepared, ++under.prepare)
        await moment()
        under.prepare--
        return { point, turns: 0 }
      },
      async turn() {
        mostTurns = Math.max(mostTurns, ++under.turn)
        await moment()
        under.turn--
        return 0.5
      },
    }
    await outcomesOf(experiment([], busy, { variables: ONE_SIZE }))
    expect({ mostTurns, mostPrepared }).toEqual({ mostTurns: 1, mostPrepared: 2 })
  })

  test('that are dropped are made up for', async () => {
    const log: Log = []
    const dropping: About = {
      async turn(world) {
        return ++world.turns % 2 === 0 ? 0.25 : 0
      },
    }
    const outcomes = await outcomesOf(experiment(log, dropping, { variables: ONE_SIZE }))
    expect(outcomes).toMatchObject(VARIABLES.color.map(() => ({ columns: { turns: 8 } })))
  })

  test('that are all dropped fail their trial in the end, and the others are not kept from theirs', async () => {
    const log: Log = []
    const dropping: About = {
      async turn({ point }) {
        log.push(`turn ${point.color}`)
        return point.color === 'red' ? 0 : 0.25
      },
    }
    const outcomes = await outcomesOf(experiment(log, dropping, { variables: ONE_SIZE }))
    expect(told(outcomes)).toEqual(['1 red failed', '1 blue completed', '1 green completed'])
    expect(outcomes[0]).toMatchObject({
      error: new MeasureError(
        'MACHINE_BUSY',
        'All 20 turns were dropped: the machine was busy with something else.',
      ),
    })
  })

  test('that are nearly all dropped complete their trial with what there is', async () => {
    const dropping: About = {
      async turn(world) {
        return ++world.turns === 3 ? 0.25 : 0
      },
    }
    const outcomes = await outcomesOf(experiment([], dropping, { variables: ONE_SIZE }))
    expect(outcomes).toMatchObject(
      VARIABLES.color.map(() => ({ outcome: 'completed', columns: { turns: 25 } })),
    )
  })
})

describe('of several trials in turns', () => {
  const failing = {
    prepare: (log: Log): About => ({
      prepare: (point) =>
        point.color === 'red' ? Promise.reject(new Error('no red')) : simulator(log).prepare(point),
    }),
    warmUp: (): About => ({
      async warmUp({ point }) {
        if (point.color === 'red') throw new Error('no red')
      },
    }),
    turn: (): About => ({
      async turn(world) {
        if (world.point.color === 'red' && ++world.turns === 2) throw new Error('no red')
        return 0.25
      },
    }),
  }

  test.each(['prepare', 'warmUp', 'turn'] as const)(
    'one that fails to %s fails alone, and is taken down',
    async (step) => {
      const log: Log = []
      const outcomes = await outcomesOf(
        experiment(log, failing[step](log), { variables: ONE_SIZE }),
      )
      expect(told(outcomes)).toEqual(['1 red failed', '1 blue completed', '1 green completed'])
      expect(outcomes[0]).toMatchObject({ error: new Error('no red') })
      const disposed = log.filter((entry) => entry.startsWith('dispose')).sort()
      const others = ['dispose blue', 'dispose green']
      expect(disposed).toEqual(step === 'prepare' ? others : [...others, 'dispose red'])
    },
  )

  test('one with a clip that fails fails alone', async () => {
    const failingClip = turnsClip([], {
      instrument: ({ point }) => ({
        enable() {},
        collect() {
          if (point.color === 'red') throw new Error('no red')
          return { turns: 0 }
        },
      }),
    })
    const outcomes = await outcomesOf(
      experiment([], {}, { variables: ONE_SIZE, clips: [failingClip] }),
    )
    expect(told(outcomes)).toEqual(['1 red failed', '1 blue completed', '1 green completed'])
  })

  describe('one that took too long', () => {
    const late = new MeasureError('TIMED_OUT', 'It was late.')

    /** Red is late as often as it is told, at one of the steps. */
    function lateAt(step: 'prepare' | 'warmUp' | 'turn', log: Log, times: number): About {
      const usual = simulator(log)
      let left = times
      const beLate = (color: string) => {
        if (color === 'red' && left-- > 0) throw late
      }
      return {
        async prepare(point) {
          if (step === 'prepare') beLate(point.color)
          return usual.prepare(point)
        },
        async warmUp(world, signal) {
          if (step === 'warmUp') beLate(world.point.color)
          await usual.warmUp(world, signal)
        },
        async turn(world, phases, signal) {
          if (step === 'turn' && world.turns === 2) beLate(world.point.color)
          return usual.turn(world, phases, signal)
        },
      }
    }

    test.each(['prepare', 'warmUp', 'turn'] as const)(
      'at %s is made once more in the same repetition, and has all of its turns',
      async (step) => {
        const log: Log = []
        const repeated: [number, string, Error][] = []
        const outcomes = await outcomesOf(
          experiment(log, lateAt(step, log, 1), { variables: ONE_SIZE }),
          { onTrialRepeat: ({ trial }, { color }, error) => repeated.push([trial, color, error]) },
        )
        expect(outcomes).toMatchObject(
          VARIABLES.color.map(() => ({ outcome: 'completed', round: 1, columns: { turns: 4 } })),
        )
        expect(outcomes.map(({ repeatedAfter }) => repeatedAfter)).toEqual([
          late,
          undefined,
          undefined,
        ])
        expect(repeated).toEqual([[1, 'red', late]])
        const count = (entry: string) => log.filter((one) => one === entry).length
        expect(count('dispose red')).toBe(count('prepare red'))
        expect(count('enable red')).toBe(step === 'turn' ? 2 : 1)
      },
    )

    test.each(['prepare', 'warmUp', 'turn'] as const)(
      'at %s twice fails, and the others do not',
      async (step) => {
        const outcomes = await outcomesOf(
          experiment([], lateAt(step, [], 2), { variables: ONE_SIZE }),
        )
        expect(told(outcomes)).toEqual(['1 red failed', '1 blue completed', '1 green completed'])
        expect(outcomes[0]).toMatchObject({ error: late, repeatedAfter: late })
      },
    )
  })

  test('none has an outcome when the run is aborted, and all are taken down', async () => {
    const log: Log = []
    const controller = new AbortController()
    const aborting: About = {
      async turn(world) {
        if (++world.turns === 3 && world.point.size === 2) controller.abort()
        return 0.25
      },
    }
    const outcomes = await outcomesOf(experiment(log, aborting), { signal: controller.signal })
    expect(outcomes.map(({ variables }) => variables.size)).toEqual([1, 1, 1])
    expect(log.filter((entry) => entry.startsWith('dispose'))).toHaveLength(6)
  })
})

describe('goesOn', () => {
  test('is asked before each repetition of a point, and ends what it refuses', async () => {
    const asked: string[] = []
    const outcomes = await outcomesOf(experiment([]), {
      repeat: Number.POSITIVE_INFINITY,
      goesOn({ round, variables: { size } }) {
        asked.push(`${round} ${size}`)
        return size === 1 ? round <= 1 : round <= 3
      },
    })
    expect(asked).toEqual(['1 1', '1 2', '2 1', '2 2', '3 2', '4 2'])
    const rounds = outcomes.map(({ round, variables }) => `${round} ${variables.size}`)
    expect([...new Set(rounds)]).toEqual(['1 1', '1 2', '2 2', '3 2'])
    expect(outcomes).toHaveLength(12)
    expect(outcomes.every(({ trials }) => trials === Number.POSITIVE_INFINITY)).toBe(true)
  })

  test('may refuse all', async () => {
    expect(await outcomesOf(experiment([]), { goesOn: () => false })).toEqual([])
  })
})
