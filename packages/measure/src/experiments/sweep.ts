import type { TlsCredentials } from '@h2lab/mini-http2/server'
import type { OptionNamesOf } from '@h2lab/octets'
import { CLIPS } from '../clips/clips'
import { defineExperiment, type Experiment, type Simulator } from '../experiment/experiment'
import type { LoadGenerator } from '../generators/load-generator'
import type { Pinning } from '../machine/cpus'
import { checkOptionNames } from '../option-names'
import type { LoadVariables, LoadWorld, Scenario } from '../simulator/load-world'
import { loadedServer } from '../simulator/loaded-server'
import { serversInTurns } from '../simulator/servers-in-turns'
import { IMPLEMENTATION_TARGETS } from '../targets/implementation-targets'
import type { Target } from '../targets/target'
import { findTarget } from '../targets/targets'
import { isServed } from './is-served'

/** The options of a sweep. All have defaults. */
export interface SweepOptions extends SweepSize {
  readonly targets: readonly Target[]
}

/** The size of a sweep, without the targets. */
export interface SweepSize {
  readonly scenarios: readonly Scenario[]
  readonly streams: readonly number[]
  /** How long to measure each trial, in seconds. */
  readonly duration: number
  /**
   * How long to warm up each server, in seconds. In turns this is a maximum: the warm-up ends when the cost of a
   * request is steady.
   */
  readonly warmup: number
}

/** How trials are made. */
export type SweepMethod =
  /** All servers of a point run concurrently and take turns, with the load generator of this package. */
  | {
      readonly kind: 'turns'
      /** The seed for the order of the turns. */
      readonly seed: number
      /** The length of a turn, in seconds. */
      readonly slice: number
    }
  /** One server after another. */
  | { readonly kind: 'whole'; readonly generator: LoadGenerator }

/**
 * One client, which all servers support, and five, with TLS as on the internet. With another scenario, each point of
 * a default run would have too few repetitions for useful intervals.
 */
const SCENARIOS: readonly Scenario[] = [
  { clients: 1, tls: true },
  { clients: 5, tls: true },
]

/**
 * Few points, so that each can be repeated within a budget of minutes. Only repetitions show how reliable a figure
 * is. Servers differ most with many requests in flight.
 */
const STREAMS = [100]

export const SWEEP_DEFAULTS: SweepOptions = {
  targets: IMPLEMENTATION_TARGETS,
  scenarios: SCENARIOS,
  streams: STREAMS,
  // Processes differ more than the slices of one, so many short trials are better than few long ones.
  duration: 0.3,
  warmup: 1,
}

/**
 * The size of trials that run whole. Starting a generator for each would take longer than such a short measurement.
 */
export const WHOLE_SWEEP: Pick<SweepOptions, 'duration' | 'warmup'> = {
  // Long enough that a pause of several milliseconds does not matter.
  duration: 2,
  warmup: 0.5,
}

/** The size for a first look, with wide intervals. */
export const QUICK_SWEEP: Pick<SweepOptions, 'duration' | 'warmup'> = {
  duration: 0.2,
  warmup: 0.8,
}

export const SWEEP_NAME = 'sweep'
export const SWEEP_TITLE =
  'requests per second, request time and CPU per request over the number of streams'

const OPTIONS: OptionNamesOf<SweepOptions> = {
  targets: true,
  scenarios: true,
  streams: true,
  duration: true,
  warmup: true,
}

/**
 * The default experiment: every server in every scenario, with each number of streams.
 *
 * @param cpus the CPUs that the generator and the servers run on; undefined: all
 * @throws MeasureError `USAGE` if an option does not exist
 */
export function sweep(
  options: SweepOptions,
  method: SweepMethod,
  tls: TlsCredentials,
  cpus?: Pinning,
): Experiment<LoadVariables, LoadWorld> {
  checkOptionNames(options, OPTIONS)
  return defineExperiment({
    name: SWEEP_NAME,
    title: SWEEP_TITLE,
    variables: {
      scenario: options.scenarios,
      streams: options.streams,
      implementation: options.targets.map(({ name }) => name),
    },
    isPoint: ({ implementation, scenario }) =>
      isServed(scenario, findTarget(implementation, options.targets)!),
    simulator: simulatorFor(options, method, tls, cpus),
    clips: CLIPS,
  })
}

function simulatorFor(
  { targets, duration, warmup }: SweepOptions,
  method: SweepMethod,
  tls: TlsCredentials,
  cpus: Pinning | undefined,
): Simulator<LoadVariables, LoadWorld> {
  const common = { targets, tls, duration, warmup, cpus }
  if (method.kind === 'whole') return loadedServer({ ...common, generator: method.generator })
  return serversInTurns({ ...common, seed: method.seed, slice: method.slice })
}
