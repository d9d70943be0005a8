import type { TlsCredentials } from '@h2lab/mini-http2/server'
import type { Chart } from '../charts/chart'
import { MeasureError } from '../errors'
import type { Experiment } from '../experiment/experiment'
import type { Pinning } from '../machine/cpus'
import type { LoadVariables, LoadWorld } from '../simulator/load-world'
import { TURN_DEFAULTS } from '../simulator/servers-in-turns'
import type { Manifest } from '../storage/manifest'
import type { Cell } from '../summary/cells'
import { EQUAL_RATE, EQUAL_RATE_DEFAULTS, equalRate, QUICK_EQUAL_RATE } from './equal-rate'
import { LATENCY, LATENCY_DEFAULTS, LATENCY_SLICE, latencyOverRate, QUICK_LATENCY } from './latency'
import type { RateExperiment, RateOptions, TurnMethod } from './rate-experiment'
import { easyRates } from './rate-ladder'
import type { RatePlan, Saturation } from './rate-plan'
import {
  QUICK_SWEEP,
  SWEEP_DEFAULTS,
  SWEEP_NAME,
  SWEEP_TITLE,
  type SweepSize,
  WHOLE_SWEEP,
} from './sweep'

/*
 * The experiments of `h2lab run`, with everything that differs between them.
 */

/** An experiment of the command line. */
export type KnownExperiment = ClosedExperiment | OpenExperiment

interface CommonParts {
  readonly name: string
  /** The question it answers, in one line. */
  readonly title: string
  /** How long a turn is, in seconds. */
  readonly slice: number
  /** The size without options. */
  readonly defaults: SweepSize
  /** The size for a first look. */
  readonly quick: Pick<SweepSize, 'duration' | 'warmup'>
  /**
   * The kind of verdict: a ranking by CPU time at each point, or the highest rate at which each server responds
   * quickly.
   */
  readonly verdict: 'ranking' | 'knees'
  /** Draws the charts of the report. The drawing library is slow to load, so it is loaded on demand. */
  charts(cells: readonly Cell[], manifest: Manifest): Promise<Chart[]>
}

/** Each answer makes room for the next request. It does not take `--rates` and works with any generator. */
export interface ClosedExperiment extends CommonParts {
  readonly loop: 'closed'
  /** The size of trials that run whole. */
  readonly whole: Pick<SweepSize, 'duration' | 'warmup'>
}

/** Requests arrive at given rates. It takes `--rates`, uses the generator of this package, and servers take turns. */
export interface OpenExperiment extends CommonParts {
  readonly loop: 'open'
  readonly arrivals: RateExperiment['arrivals']
  /** Chooses rates from the results of a probe. */
  plan(saturations: readonly Saturation[]): RatePlan
  make(
    options: RateOptions,
    method: TurnMethod,
    tls: TlsCredentials,
    cpus?: Pinning,
  ): Experiment<LoadVariables, LoadWorld>
}

const SWEEP: ClosedExperiment = {
  name: SWEEP_NAME,
  title: SWEEP_TITLE,
  loop: 'closed',
  slice: TURN_DEFAULTS.slice,
  defaults: SWEEP_DEFAULTS,
  quick: QUICK_SWEEP,
  whole: WHOLE_SWEEP,
  verdict: 'ranking',
  async charts(cells, manifest) {
    const { sweepCharts } = await import('../charts/sweep-charts')
    return sweepCharts(cells, manifest)
  },
}

const AT_RATES: readonly OpenExperiment[] = [
  {
    ...LATENCY,
    loop: 'open',
    slice: LATENCY_SLICE,
    defaults: LATENCY_DEFAULTS,
    quick: QUICK_LATENCY,
    verdict: 'knees',
    plan: (saturations) => ({ kind: 'to-saturation', saturations }),
    make: latencyOverRate,
    async charts(cells, manifest) {
      const { latencyCharts } = await import('../charts/latency-charts')
      return latencyCharts(cells, manifest)
    },
  },
  {
    ...EQUAL_RATE,
    loop: 'open',
    slice: TURN_DEFAULTS.slice,
    defaults: EQUAL_RATE_DEFAULTS,
    quick: QUICK_EQUAL_RATE,
    verdict: 'ranking',
    plan: (saturations) => ({
      kind: 'same',
      rates: easyRates(saturations.map(({ requestsPerSecond }) => requestsPerSecond)),
    }),
    make: equalRate,
    async charts(cells, manifest) {
      const { equalRateCharts } = await import('../charts/equal-rate-charts')
      return equalRateCharts(cells, manifest)
    },
  },
]

/** All experiments. The first is the default. */
export const EXPERIMENTS: readonly KnownExperiment[] = [SWEEP, ...AT_RATES]

/**
 * Returns the experiment of that name.
 *
 * @param name if undefined, the default experiment
 * @throws MeasureError `USAGE` if there is none
 */
export function experimentNamed(name: string = SWEEP_NAME): KnownExperiment {
  const found = EXPERIMENTS.find((one) => one.name === name)
  if (found !== undefined) return found
  const names = EXPERIMENTS.map((one) => one.name).join(', ')
  throw new MeasureError(
    'USAGE',
    `There is no experiment ${JSON.stringify(name)}: it must be one of ${names}.`,
  )
}

/** The experiment of a run. An experiment known only to another version is reported like the default. */
export function experimentOf({ experiment }: Pick<Manifest, 'experiment'>): KnownExperiment {
  return EXPERIMENTS.find(({ name }) => name === experiment.name) ?? SWEEP
}
