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

/** How long each server is loaded, in seconds. Less than in a trial: a rate need not be known well. */
const PROBE_DURATION = 0.3

/** What a probe takes. */
export interface ProbeSetup {
  readonly experiment: OpenExperiment
  readonly targets: readonly Target[]
  readonly size: SweepSize
  readonly seed: number
  readonly tls: TlsCredentials
  readonly cpus: Pinning | undefined
  /** Ends it early. */
  readonly signal: AbortSignal
  /** Told what the probe finds, in lines. */
  readonly tell: (line: string) => void
}

/** What a probe has found, and what comes of it. */
export interface Probed {
  readonly saturations: readonly Saturation[]
  readonly plan: RatePlan
}

/**
 * Finds out how many requests a second each server answers at most, in a short closed loop in turns, and plans rates
 * by that.
 *
 * @throws MeasureError that of the first trial, if none succeeds
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
    tell(`probe: ${where}: ${formatNumber(requestsPerSecond)} requests a second`)
  }
  signal.throwIfAborted()
  if (saturations.length === 0) {
    throw failure ?? new MeasureError('SERVER_FAILED', 'The probe has measured no server.')
  }
  const plan = experiment.plan(saturations)
  tell(`rates: ${ratesOf(plan).map(formatCount).join(', ')} requests a second`)
  return { saturations, plan }
}
