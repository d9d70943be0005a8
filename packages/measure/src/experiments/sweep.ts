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

/** How a sweep can be asked for; all have defaults. */
export interface SweepOptions extends SweepSize {
  readonly targets: readonly Target[]
}

/** The same without what is measured. */
export interface SweepSize {
  readonly scenarios: readonly Scenario[]
  readonly streams: readonly number[]
  /** Seconds to measure each trial. */
  readonly duration: number
  /** Seconds to warm each server up before; in turns at most, until what a request costs is steady. */
  readonly warmup: number
}

/** How trials are made. */
export type SweepMethod =
  /** All servers of a point at the same time, in turns, by the load generator of this package. */
  | {
      readonly kind: 'turns'
      /** Of the order of the turns. */
      readonly seed: number
      /** How long a turn is, in seconds. */
      readonly slice: number
    }
  /** One server after the other. */
  | { readonly kind: 'whole'; readonly generator: LoadGenerator }

/**
 * One client, whom all servers can serve, and five, with TLS as on the open internet. A scenario more would leave each
 * point of a default run so few repetitions that its intervals say nothing.
 */
const SCENARIOS: readonly Scenario[] = [
  { clients: 1, tls: true },
  { clients: 5, tls: true },
]

/**
 * Few points, so that each can be repeated within a budget of minutes: repetitions say how far a figure can be
 * trusted. With many requests in flight differences between servers show most.
 */
const STREAMS = [100]

export const SWEEP_DEFAULTS: SweepOptions = {
  targets: IMPLEMENTATION_TARGETS,
  scenarios: SCENARIOS,
  streams: STREAMS,
  // Processes differ by more than slices of one: many short trials say more than few long ones.
  duration: 0.3,
  warmup: 1,
}

/** The same for trials that run whole: starting a generator for each takes longer than measuring so briefly. */
export const WHOLE_SWEEP: Pick<SweepOptions, 'duration' | 'warmup'> = {
  // Long enough that a pause of some milliseconds doesn't show.
  duration: 2,
  warmup: 0.5,
}

/** The same for a first look, with wide intervals. */
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
 * @param cpus which CPUs generator and servers keep to; undefined: all that there are
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
