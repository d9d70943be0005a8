import type { TlsCredentials } from '@h2lab/mini-http2/server'
import type { OptionNamesOf } from '@h2lab/octets'
import { CLIPS } from '../clips/clips'
import { defineExperiment, type Experiment } from '../experiment/experiment'
import type { LoadGenerator } from '../generators/load-generator'
import { checkOptionNames } from '../option-names'
import {
  type LoadVariables,
  type LoadWorld,
  loadedServer,
  type Scenario,
} from '../simulator/loaded-server'
import { IMPLEMENTATION_TARGETS } from '../targets/implementation-targets'
import type { Target } from '../targets/target'
import { findTarget } from '../targets/targets'

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
  /** Seconds to warm each server up before. */
  readonly warmup: number
}

/** The scenarios of the outline: one client and five with TLS, one without. */
const SCENARIOS: readonly Scenario[] = [
  { clients: 1, tls: true },
  { clients: 5, tls: true },
  { clients: 1, tls: false },
]

export const SWEEP_DEFAULTS: SweepOptions = {
  targets: IMPLEMENTATION_TARGETS,
  scenarios: SCENARIOS,
  streams: [1, 2, 5, 10, 20, 30, 40, 50, 60, 70, 80, 100, 120],
  // Long enough that a pause of some milliseconds doesn't show, short enough for all points.
  duration: 2,
  warmup: 0.5,
}

/** The same in less than three minutes: the ends and the middle of the curves, more noise. */
export const QUICK_SWEEP: Pick<SweepOptions, 'streams' | 'duration' | 'warmup'> = {
  streams: [1, 10, 100],
  duration: 0.6,
  warmup: 0.3,
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

/** The default experiment: every server in every scenario, with more and more streams. @throws MeasureError `USAGE` */
export function sweep(
  options: SweepOptions,
  generator: LoadGenerator,
  tls: TlsCredentials,
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
      isFor(scenario, findTarget(implementation, options.targets)!),
    simulator: loadedServer({
      generator,
      tls,
      duration: options.duration,
      warmup: options.warmup,
      targets: options.targets,
    }),
    clips: CLIPS,
  })
}

function isFor({ clients, tls }: Scenario, { mostClients, transport }: Target): boolean {
  return clients <= mostClients && (transport === undefined || tls === (transport === 'tls'))
}
