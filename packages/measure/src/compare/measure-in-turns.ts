import type { TlsCredentials } from '@h2lab/mini-http2/server'
import type { OptionNamesOf } from '@h2lab/octets'
import { CLIPS } from '../clips/clips'
import { MeasureError } from '../errors'
import { defineExperiment, type Experiment } from '../experiment/experiment'
import { type NextRepetition, runExperiment } from '../experiment/run-experiment'
import { checkOptionNames } from '../option-names'
import type { LoadVariables, LoadWorld, Scenario } from '../simulator/load-world'
import { serversInTurns } from '../simulator/servers-in-turns'
import type { Estimate } from '../statistics/estimate'
import { isNarrow } from '../statistics/stopping'
import type { Target } from '../targets/target'
import { toTrial } from '../trial/to-trial'
import type { Trial } from '../trial/trial'
import { compareTrials } from './compare-trials'
import type { ComparedSide, Comparison } from './comparison'

/** Two servers to compare. */
export interface Contest {
  /** What they are, if there are several pairs; null if the sides themselves say it. */
  readonly subject: string | null
  readonly a: Target
  readonly b: Target
}

export interface InTurnsOptions {
  readonly a: ComparedSide
  readonly b: ComparedSide
  /** All targets must have different names. */
  readonly contests: readonly Contest[]
  readonly scenarios: readonly Scenario[]
  readonly streams: readonly number[]
  readonly tls: TlsCredentials
  readonly threshold: number
  /** How narrow each interval of CPU per request has to be, as a fraction. */
  readonly precision: number
  /** The time limit for that, in milliseconds. */
  readonly budget: number
  /** The most repetitions. Default: as many as the budget allows. */
  readonly repeat?: number | undefined
  /** Ends the comparison early and keeps its results. */
  readonly signal?: AbortSignal | undefined
  /** Further notes for readers. Default: none. */
  readonly notes?: readonly string[] | undefined
  /** Called before each repetition of a pair under a load. */
  readonly onRepetition?: ((next: Repetition) => void) | undefined
}

const OPTIONS: OptionNamesOf<InTurnsOptions> = {
  a: true,
  b: true,
  contests: true,
  scenarios: true,
  streams: true,
  tls: true,
  threshold: true,
  precision: true,
  budget: true,
  repeat: true,
  signal: true,
  notes: true,
  onRepetition: true,
}

/** A repetition that is about to start. */
export interface Repetition {
  readonly round: number
  readonly contest: Contest
  readonly scenario: Scenario
  readonly streams: number
}

/**
 * How long each server is measured in a repetition, in seconds. Starting and warming it up takes twice as long, so
 * more slices are cheap, but beyond some point more repetitions help more. On a busy machine the ratio of two starts
 * of `async/http2` at 5 x 100 spread by 6 % after 0.3 s each, 4 % after 0.6 s, 3.4 % after 1 s, and finally 3 %.
 */
const DURATION = 0.8

/** How long a server may take to warm up, in seconds. V8 takes longer on a busy machine. */
const WARMUP = 3

interface ContestVariables extends LoadVariables {
  /** The index of the contest. */
  readonly contest: number
}

/** A pair is given up after this many failures. */
const MOST_FAILED = 3

/**
 * Measures two sides in turns and repeats this until all intervals are narrow enough or the time is over.
 *
 * @throws MeasureError `USAGE` if an option does not exist; `NOT_COMPARABLE` if no two servers can serve this many
 *   clients at once, or it was ended before the first repetition was complete
 */
export async function compareInTurns(options: InTurnsOptions): Promise<Comparison> {
  checkOptionNames(options, OPTIONS)
  const { a, b, contests, threshold, signal, notes = [] } = options
  const { repeat = Number.POSITIVE_INFINITY } = options
  refuseTooManyClients(options)
  const startedAt = performance.now()
  const trials: Trial[] = []
  const experiment = experimentOf(options)
  const outcomes = runExperiment(experiment, { repeat, signal, goesOn })
  for await (const outcome of outcomes) {
    const target = targetsOf(contests).find(({ name }) => name === outcome.variables.implementation)
    trials.push(toTrial(outcome, 'embedded', target?.httpVersion, 'turns'))
  }
  if (trials.length === 0) {
    throw notComparable('The comparison was ended before anything was measured.')
  }
  return { a, b, pairing: 'rounds', threshold, points: pointsOf(trials), notes }

  function goesOn({ round, variables }: NextRepetition<ContestVariables>): boolean {
    const isOver = performance.now() - startedAt >= options.budget
    if (round > 1 && isOver) return false
    const ratio = ratioOf(variables)
    if (round > MOST_FAILED && ratio === undefined) return false
    if (ratio !== undefined && isNarrow(ratio, options.precision)) return false
    const { contest, scenario, streams } = variables
    options.onRepetition?.({ round, contest: contests[contest]!, scenario, streams })
    return true
  }

  /** The ratio of CPU times, if known. */
  function ratioOf({ contest, scenario, streams }: ContestVariables): Estimate | undefined {
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
    return point?.effects[0]?.ratio
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
}: InTurnsOptions): Experiment<ContestVariables, LoadWorld> {
  return defineExperiment<ContestVariables, LoadWorld>({
    name: 'compare',
    title: 'what B is to A',
    variables: {
      contest: contests.map((_, index) => index),
      scenario: scenarios,
      streams,
      implementation: targetsOf(contests).map(({ name }) => name),
    },
    isPoint: ({ contest, scenario, implementation }) => {
      const one = contests[contest]!
      return targetsOf([one]).some(({ name }) => name === implementation) && isFor(one, scenario)
    },
    simulator: serversInTurns({
      targets: targetsOf(contests),
      tls,
      duration: DURATION,
      warmup: WARMUP,
    }),
    clips: CLIPS,
  })
}

/** Whether both serve this many clients at once. */
function isFor(contest: Contest, { clients }: Scenario): boolean {
  return targetsOf([contest]).every(({ mostClients }) => clients <= mostClients)
}

function refuseTooManyClients({ contests, scenarios }: InTurnsOptions): void {
  if (contests.some((contest) => scenarios.some((scenario) => isFor(contest, scenario)))) return
  const fewest = Math.min(...scenarios.map(({ clients }) => clients))
  const names = targetsOf(contests).map(({ name }) => name)
  throw notComparable(`No two of ${names.join(', ')} can serve ${fewest} clients at once.`)
}

function notComparable(message: string): MeasureError {
  return new MeasureError('NOT_COMPARABLE', message)
}

function targetsOf(contests: readonly Contest[]): Target[] {
  return contests.flatMap(({ a, b }) => [a, b])
}
