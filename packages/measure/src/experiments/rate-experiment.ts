import type { TlsCredentials } from '@h2lab/mini-http2/server'
import type { OptionNamesOf } from '@h2lab/octets'
import { CLIPS } from '../clips/clips'
import { defineExperiment, type Experiment } from '../experiment/experiment'
import type { Loop } from '../load/plan'
import type { Pinning } from '../machine/cpus'
import { checkOptionNames } from '../option-names'
import type { LoadVariables, LoadWorld, Scenario } from '../simulator/load-world'
import { serversInTurns } from '../simulator/servers-in-turns'
import { findTarget } from '../targets/targets'
import { isServed } from './is-served'
import { isPlanned, type RatePlan, ratesOf } from './rate-plan'
import type { SweepOptions } from './sweep'

/*
 * What experiments at offered rates have in common.
 */

/** The options of an experiment at offered rates. */
export interface RateOptions extends SweepOptions {
  /** Requests per second of all connections together, for each server. */
  readonly rates: RatePlan
}

/** How servers take turns. */
export interface TurnMethod {
  /** The seed for the order of the turns and for the arrivals. */
  readonly seed: number
  /** The length of a turn, in seconds. */
  readonly slice: number
}

/** The properties of an experiment at offered rates. */
export interface RateExperiment {
  readonly name: string
  readonly title: string
  readonly arrivals: Extract<Loop, { kind: 'open' }>['arrivals']
}

/** Five clients with TLS. With one, a server that works in batches has nothing to batch. */
export const RATE_SCENARIOS: readonly Scenario[] = [{ clients: 5, tls: true }]

/** The most requests in flight on each connection: enough for any load that a server can keep up with. */
export const RATE_STREAMS: readonly number[] = [100]

const OPTIONS: OptionNamesOf<RateOptions> = {
  targets: true,
  scenarios: true,
  streams: true,
  duration: true,
  warmup: true,
  rates: { kind: true, rates: true, saturations: true },
}

/** @throws MeasureError `USAGE` if an option does not exist */
export function rateExperiment(
  { name, title, arrivals }: RateExperiment,
  options: RateOptions,
  { seed, slice }: TurnMethod,
  tls: TlsCredentials,
  cpus?: Pinning,
): Experiment<LoadVariables, LoadWorld> {
  checkOptionNames(options, OPTIONS)
  const { targets, scenarios, streams, duration, warmup, rates } = options
  return defineExperiment({
    name,
    title,
    variables: {
      scenario: scenarios,
      streams,
      rate: ratesOf(rates),
      implementation: targets.map((target) => target.name),
    },
    isPoint: (variables) =>
      isServed(variables.scenario, findTarget(variables.implementation, targets)!) &&
      isPlanned(rates, variables),
    simulator: serversInTurns({
      ...{ targets, tls, duration, warmup, seed, cpus },
      slice: Math.min(slice, duration),
      load: ({ rate = 1 }) => ({ kind: 'open', rate: { from: rate, to: rate }, arrivals }),
    }),
    clips: CLIPS,
  })
}
