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
  /** How often at most. Default: as often as the budget allows. */
  readonly repeat?: number | undefined
  /** Ends it early, with what there is. */
  readonly signal?: AbortSignal | undefined
  /** What a reader has to know besides. Default: nothing. */
  readonly notes?: readonly string[] | undefined
  /** Told before each repetition of a pair under a load. */
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

/** A repetition that begins. */
export interface Repetition {
  readonly round: number
  readonly contest: Contest
  readonly scenario: Scenario
  readonly streams: number
}

/**
 * How long each server is measured in a repetition, in seconds. Starting and warming it up takes twice as long, so
 * slices that make its figure steadier are cheap; beyond some, more repetitions say more. On a busy machine the ratio of
 * two starts of `async/http2` at 5 x 100 spread by 6 % after 0.3 s each, 4 % after 0.6 s, 3.4 % after 1 s, and 3 % at last.
 */
const DURATION = 0.8

/** How long a server may take to be warm, in seconds: V8 takes its time on a busy machine. */
const WARMUP = 3

interface ContestVariables extends LoadVariables {
  /** The place of the contest. */
  readonly contest: number
}

/** A pair that could not be measured by then is given up. */
const MOST_FAILED = 3

/**
 * Measures two sides in turns, again and again until all intervals are narrow or the time is over.
 *
 * @throws MeasureError `USAGE` if an option does not exist; `NOT_COMPARABLE` if no two servers can serve so many clients
 *   at once, or the end came before the first repetition's
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

  /** Of CPU time, as far as it is known. */
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

/** Both have to serve so many at once. */
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
