import type { TlsCredentials } from '@h2lab/mini-http2/server'
import { MeasureError } from '../errors'
import { runExperiment } from '../experiment/run-experiment'
import type { OpenExperiment } from '../experiments/experiments'
import { type RatePlan, ratesOf, type Saturation } from '../experiments/rate-plan'
import { type SweepSize, sweep } from '../experiments/sweep'
import type { Pinning } from '../machine/cpus'
import { TURN_DEFAULTS } from '../simulator/servers-in-turns'
import { formatCount, formatNumber } from '../summary/numbers'
import { pointTitle } from '../summary/point-title'
import type { Target } from '../targets/target'

/** How long each server is loaded, in seconds. Shorter than in a trial, because a rough rate is enough. */
const PROBE_DURATION = 0.3

/** The options of a probe. */
export interface ProbeSetup {
  readonly experiment: OpenExperiment
  readonly targets: readonly Target[]
  readonly size: SweepSize
  readonly seed: number
  readonly tls: TlsCredentials
  readonly cpus: Pinning | undefined
  /** Ends the probe early. */
  readonly signal: AbortSignal
  /** Called with the results, line by line. */
  readonly tell: (line: string) => void
}

/** The results of a probe, and the rates based on them. */
export interface Probed {
  readonly saturations: readonly Saturation[]
  readonly plan: RatePlan
}

/**
 * Measures the most requests per second that each server answers, in a short closed loop in turns, and plans rates
 * accordingly.
 *
 * @throws MeasureError the error of the first trial if none succeeds
 * @throws the reason of the signal
 */
export async function probeRates(setup: ProbeSetup): Promise<Probed> {
  const { experiment, targets, size, seed, tls, cpus, signal, tell } = setup
  tell(`probe: what each server answers at most, to choose rates`)
  const probe = sweep(
    { ...size, targets, duration: PROBE_DURATION },
    { kind: 'turns', seed, slice: TURN_DEFAULTS.slice },
    tls,
    cpus,
  )
  const saturations: Saturation[] = []
  let failure: Error | undefined
  for await (const outcome of runExperiment(probe, { signal })) {
    const { implementation, scenario, streams } = outcome.variables
    const where = `${implementation}, ${pointTitle({ scenario, streams, offeredRate: null })}`
    if (outcome.outcome === 'failed') {
      failure ??= outcome.error
      tell(`probe: ${where}: failed: ${outcome.error.message}`)
      continue
    }
    const requestsPerSecond = Number(outcome.columns['requestsPerSecond'])
    saturations.push({ implementation, scenario, streams, requestsPerSecond })
    tell(`probe: ${where}: ${formatNumber(requestsPerSecond)} requests per second`)
  }
  signal.throwIfAborted()
  if (saturations.length === 0) {
    throw failure ?? new MeasureError('SERVER_FAILED', 'The probe has measured no server.')
  }
  const plan = experiment.plan(saturations)
  tell(`rates: ${ratesOf(plan).map(formatCount).join(', ')} requests per second`)
  return { saturations, plan }
}
