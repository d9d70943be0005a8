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

/** Requests arrive at a constant rate, so all servers have the same work, spread in the same way. */
export const EQUAL_RATE: RateExperiment = {
  name: 'equal-rate',
  title: 'CPU per request at equal offered load: the same requests per second for every server',
  arrivals: 'constant',
}

export const EQUAL_RATE_DEFAULTS: SweepSize = {
  scenarios: RATE_SCENARIOS,
  streams: RATE_STREAMS,
  duration: 0.5,
  warmup: 1,
}

/** The size for a first look, with wide intervals. */
export const QUICK_EQUAL_RATE: Pick<SweepSize, 'duration' | 'warmup'> = {
  duration: 0.3,
  warmup: 0.8,
}

/**
 * Measures every server at the same rates in an open loop: the cost of a request when all have the same work. In a
 * closed loop a faster server gets smaller batches.
 *
 * @param options `rates` should be a plan of kind `same`
 * @param cpus the CPUs that the generator and the servers run on; undefined: all
 * @throws MeasureError `USAGE` if an option does not exist
 */
export function equalRate(
  options: RateOptions,
  method: TurnMethod,
  tls: TlsCredentials,
  cpus?: Pinning,
): Experiment<LoadVariables, LoadWorld> {
  return rateExperiment(EQUAL_RATE, options, method, tls, cpus)
}
