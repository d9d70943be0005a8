import type { TlsCredentials } from '@h2lab/mini-http2/server'
import { CLIPS } from '../clips/clips'
import { defineExperiment, type Experiment } from '../experiment/experiment'
import { type NextRepetition, runExperiment } from '../experiment/run-experiment'
import type { LoadVariables, Scenario } from '../simulator/loaded-server'
import { serversInTurns, type TurnWorld } from '../simulator/servers-in-turns'
import { relativeMargin } from '../statistics/estimate'
import type { Target } from '../targets/target'
import { toTrial } from '../trial/to-trial'
import type { Trial } from '../trial/trial'
import { compareTrials } from './compare-trials'
import type { ComparedSide, Comparison } from './comparison'

/** Two servers that are compared. */
export interface Contest {
  /** What they are, if there are several such pairs; null if the sides say it. */
  readonly subject: string | null
  readonly a: Target
  readonly b: Target
}

export interface InTurnsOptions {
  readonly a: ComparedSide
  readonly b: ComparedSide
  /** The names of all targets differ. */
  readonly contests: readonly Contest[]
  readonly scenarios: readonly Scenario[]
  readonly streams: readonly number[]
  readonly tls: TlsCredentials
  readonly threshold: number
  /** How narrow each interval of CPU per request is to be, as a part. */
  readonly precision: number
  /** How long to go on for that, in milliseconds. */
  readonly budget: number
  /** How often at most. */
  readonly repeat: number
  readonly signal: AbortSignal
  readonly notes: readonly string[]
  /** Told before each repetition of a pair under a load. */
  readonly onRepetition: (next: Repetition) => void
}

/** A repetition that begins. */
export interface Repetition {
  readonly round: number
  readonly contest: Contest
  readonly scenario: Scenario
  readonly streams: number
}

/** How long each server is measured in a repetition, in seconds: more of them tell more than longer ones. */
const DURATION = 0.5

/** An interval of fewer repetitions is narrow by chance too often to end on. */
const LEAST_REPETITIONS = 5

interface ContestVariables extends LoadVariables {
  /** The place of the contest. */
  readonly contest: number
}

/** Measures two sides in turns, again and again until all intervals are narrow or the time is over. */
export async function compareInTurns(options: InTurnsOptions): Promise<Comparison> {
  const { a, b, contests, threshold, signal, repeat, notes } = options
  const startedAt = performance.now()
  const trials: Trial[] = []
  const experiment = experimentOf(options)
  const outcomes = runExperiment(experiment, { repeat, signal, goesOn })
  for await (const outcome of outcomes) {
    const target = targetsOf(contests).find(({ name }) => name === outcome.variables.implementation)
    trials.push(toTrial(outcome, 'embedded', target?.httpVersion))
  }
  return { a, b, pairing: 'rounds', threshold, points: pointsOf(trials), notes }

  function goesOn({ round, variables }: NextRepetition<ContestVariables>): boolean {
    const isOver = performance.now() - startedAt >= options.budget
    if (round > 1 && isOver) return false
    if (round > LEAST_REPETITIONS && isNarrow(variables)) return false
    const { contest, scenario, streams } = variables
    options.onRepetition({ round, contest: contests[contest]!, scenario, streams })
    return true
  }

  function isNarrow({ contest, scenario, streams }: ContestVariables): boolean {
    const names = targetsOf([contests[contest]!]).map(({ name }) => name)
    const [point] = pointsOf(
      trials.filter(
        (trial) =>
          names.includes(trial.implementation) &&
          trial.streams === streams &&
          trial.clients === scenario.clients &&
          trial.tls === scenario.tls,
      ),
    )
    const ratio = point?.effects[0]?.ratio
    return ratio !== undefined && relativeMargin(ratio) <= options.precision
  }

  function pointsOf(some: readonly Trial[]): Comparison['points'] {
    const of = (side: 'a' | 'b') => {
      const names = contests.map((contest) => contest[side].name)
      return some.filter(({ implementation }) => names.includes(implementation))
    }
    const subjectOf = ({ implementation }: Trial) =>
      contests.find((one) => targetsOf([one]).some(({ name }) => name === implementation))!.subject
    return compareTrials({ a: of('a'), b: of('b'), pairing: 'rounds', threshold, subjectOf }).points
  }
}

function experimentOf({
  contests,
  scenarios,
  streams,
  tls,
}: InTurnsOptions): Experiment<ContestVariables, TurnWorld> {
  return defineExperiment<ContestVariables, TurnWorld>({
    name: 'compare',
    title: 'what B is to A',
    variables: {
      contest: contests.map((_, index) => index),
      scenario: scenarios,
      streams,
      implementation: targetsOf(contests).map(({ name }) => name),
    },
    isPoint: ({ contest, scenario, implementation }) => {
      const targets = targetsOf([contests[contest]!])
      return (
        targets.some(({ name }) => name === implementation) &&
        targets.every(({ mostClients }) => scenario.clients <= mostClients)
      )
    },
    simulator: serversInTurns({ targets: targetsOf(contests), tls, duration: DURATION }),
    clips: CLIPS,
  })
}

function targetsOf(contests: readonly Contest[]): Target[] {
  return contests.flatMap(({ a, b }) => [a, b])
}
