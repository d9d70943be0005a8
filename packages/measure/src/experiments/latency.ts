import type { TlsCredentials } from '@h2lab/mini-http2/server'
import type { Experiment } from '../experiment/experiment'
import type { Pinning } from '../machine/cpus'
import type { LoadVariables, LoadWorld } from '../simulator/load-world'
import {
  RATE_SCENARIOS,
  RATE_STREAMS,
  type RateExperiment,
  type RateOptions,
  rateExperiment,
  type TurnMethod,
} from './rate-experiment'
import type { SweepSize } from './sweep'

/**
 * Requests arrive at random, like those of many independent users. Queues then form long before a server is
 * saturated, which a constant rate would hide.
 */
export const LATENCY: RateExperiment = {
  name: 'latency',
  title: 'latency over the offered rate, up to saturation',
  arrivals: 'poisson',
}

export const LATENCY_DEFAULTS: SweepSize = {
  scenarios: RATE_SCENARIOS,
  streams: RATE_STREAMS,
  duration: 1,
  warmup: 1,
}

/** The size for a first look. */
export const QUICK_LATENCY: Pick<SweepSize, 'duration' | 'warmup'> = {
  duration: 0.5,
  warmup: 0.8,
}

/** The length of a turn, in seconds. Queues need time to build up. */
export const LATENCY_SLICE = 1

/**
 * Percentiles of latency at rates from idle to beyond saturation, in an open loop: each request is sent when it is due,
 * and its time counts from then.
 *
 * @param cpus the CPUs that the generator and the servers run on; undefined: all
 * @throws MeasureError `USAGE` if an option does not exist
 */
export function latencyOverRate(
  options: RateOptions,
  method: TurnMethod,
  tls: TlsCredentials,
  cpus?: Pinning,
): Experiment<LoadVariables, LoadWorld> {
  return rateExperiment(LATENCY, options, method, tls, cpus)
}
