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
 * The experiments of `h2lab run`, with all that differs from one to the other.
 */

/** An experiment as the command line knows it. */
export type KnownExperiment = ClosedExperiment | OpenExperiment

interface CommonParts {
  readonly name: string
  /** What it asks, in one line. */
  readonly title: string
  /** How long a turn is, in seconds. */
  readonly slice: number
  /** What holds without options. */
  readonly defaults: SweepSize
  /** The same for a first look. */
  readonly quick: Pick<SweepSize, 'duration' | 'warmup'>
  /** What its verdict is: who needs least CPU at each point, or up to which rate each server answers soon. */
  readonly verdict: 'ranking' | 'knees'
  /** Draws the charts of its report. The library that draws takes long to load, so they are not there before. */
  charts(cells: readonly Cell[], manifest: Manifest): Promise<Chart[]>
}

/** Each answer makes room for the next request. It takes no `--rates`; any generator will do. */
export interface ClosedExperiment extends CommonParts {
  readonly loop: 'closed'
  /** What holds for trials that run whole. */
  readonly whole: Pick<SweepSize, 'duration' | 'warmup'>
}

/** Requests come at rates. It takes `--rates`; the generator is that of this package, and servers take turns. */
export interface OpenExperiment extends CommonParts {
  readonly loop: 'open'
  readonly arrivals: RateExperiment['arrivals']
  /** Chooses rates by what a probe has found. */
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

/** All there are; the first is the default. */
export const EXPERIMENTS: readonly KnownExperiment[] = [SWEEP, ...AT_RATES]

/**
 * Returns the experiment of that name.
 *
 * @param name undefined: the default
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

/** The experiment that a run was of. One that another version knew is written up as the default is. */
export function experimentOf({ experiment }: Pick<Manifest, 'experiment'>): KnownExperiment {
  return EXPERIMENTS.find(({ name }) => name === experiment.name) ?? SWEEP
}
