import { randomInt } from 'node:crypto'
import { devTls } from '@h2lab/tls-context'
import { type Experiment, pointsOf } from '../experiment/experiment'
import { ratesOf } from '../experiments/rate-plan'
import { sweep } from '../experiments/sweep'
import { chooseGenerator } from '../generators/generators'
import { choosePinning, type Pinning } from '../machine/cpus'
import { versionsInUse } from '../machine/versions-in-use'
import type { LoadVariables, LoadWorld } from '../simulator/load-world'
import { type Manifest, thisMachine } from '../storage/manifest'
import { type ChosenTarget, chooseTargets, type MissingTarget } from '../targets/choose-targets'
import type { Target } from '../targets/target'
import { probeRates } from './probe-rates'
import type { RunSettings } from './run-settings'

/** A run before its first trial. */
export interface PreparedRun {
  readonly experiment: Experiment<LoadVariables, LoadWorld>
  readonly method: Manifest['method']['kind']
  readonly targets: readonly Target[]
  readonly missing: readonly MissingTarget[]
  readonly manifest: Manifest
}

/** What is needed to prepare a run. */
export interface Preparation {
  readonly startedAt: Date
  readonly signal: AbortSignal
  /** Called with the results of a probe. */
  readonly tell: (line: string) => void
}

/**
 * Determines the generator, the targets, the CPUs and the rates of a run.
 *
 * @throws MeasureError `GENERATOR_FAILED`, `TARGET_UNAVAILABLE`, `SERVER_FAILED`, `TIMED_OUT`, or `USAGE` if
 *   generator and servers can't run on different CPUs
 * @throws the reason of the signal
 */
export async function prepareRun(
  settings: RunSettings,
  preparation: Preparation,
): Promise<PreparedRun> {
  const pinning = settings.pin ? await choosePinning() : undefined
  const { chosen, missing } = await chooseTargets(settings.targets)
  const targets = chosen.map(({ target }) => target)
  const made = await makeExperiment(settings, targets, pinning, preparation)
  const { experiment, method, generator, rates, probe } = made
  const { name, title } = settings.experiment.of
  const manifest: Manifest = {
    experiment: { name, title },
    startedAt: preparation.startedAt.toISOString(),
    state: { kind: 'running' },
    trials: pointsOf(experiment).length * timesOf(settings),
    options: { ...optionsOf(settings, targets), rates },
    method,
    repetitions: repetitionsRecord(settings),
    probe,
    quick: settings.quick,
    others: chosen.flatMap(({ target: { name, kind }, version }) =>
      kind === 'implementation' ? [] : [{ name, kind, version }],
    ),
    generator,
    tlsCiphers: [],
    machine: thisMachine(pinning),
    versions: { ...versionsInUse(), ...foreignBuilds(chosen) },
  }
  return { experiment, method: method.kind, targets, missing, manifest }
}

/** An experiment, and its part of the manifest. */
interface MadeExperiment extends Pick<Manifest, 'method' | 'generator' | 'probe'> {
  readonly experiment: Experiment<LoadVariables, LoadWorld>
  readonly rates: Manifest['options']['rates']
}

async function makeExperiment(
  { experiment, size }: RunSettings,
  targets: readonly Target[],
  pinning: Pinning | undefined,
  { signal, tell }: Preparation,
): Promise<MadeExperiment> {
  const tls = await devTls()
  const { generator, version } = await chooseGenerator(
    experiment.method.kind === 'turns' ? 'embedded' : experiment.method.generator,
  )
  const about = { generator: { name: generator.name, version }, probe: null }
  if (experiment.method.kind === 'whole') {
    const made = sweep({ ...size, targets }, { kind: 'whole', generator }, tls, pinning)
    return { ...about, experiment: made, method: { kind: 'whole' }, rates: null }
  }
  const seed = experiment.method.seed ?? randomInt(2 ** 32)
  const slice = Math.min(experiment.of.slice, size.duration)
  const method = { kind: 'turns', seed, slice } as const
  if (experiment.loop === 'closed') {
    const made = sweep({ ...size, targets }, method, tls, pinning)
    return { ...about, experiment: made, method, rates: null }
  }
  const { of, rates } = experiment
  const { plan, saturations } =
    rates === undefined
      ? await probeRates({ experiment: of, targets, size, seed, tls, cpus: pinning, signal, tell })
      : { plan: { kind: 'same', rates } as const, saturations: undefined }
  return {
    ...about,
    experiment: of.make({ ...size, targets, rates: plan }, { seed, slice }, tls, pinning),
    method,
    rates: ratesOf(plan),
    probe: saturations?.map(({ scenario, ...rest }) => ({ ...scenario, ...rest })) ?? null,
  }
}

/** The least number of repetitions of each point. */
function timesOf({ repetitions }: RunSettings): number {
  return repetitions.kind === 'fixed' ? repetitions.times : 1
}

function optionsOf(
  settings: RunSettings,
  targets: readonly Target[],
): Omit<Manifest['options'], 'rates'> {
  const { experiment, size } = settings
  const { scenarios, streams, duration, warmup } = size
  return {
    implementations: targets.map(({ name }) => name),
    scenarios: scenarios.map(({ clients, tls }) => ({ clients, tls })),
    streams: [...streams],
    arrivals: experiment.loop === 'open' ? experiment.of.arrivals : null,
    duration,
    warmup,
    repeat: timesOf(settings),
  }
}

function repetitionsRecord({ repetitions }: RunSettings): Manifest['repetitions'] {
  if (repetitions.kind === 'fixed') return repetitions
  return { ...repetitions, precision: repetitions.precision ?? null }
}

/** The versions of libraries that the packages' own versions do not determine. */
function foreignBuilds(chosen: readonly ChosenTarget[]): Manifest['versions'] {
  const uws = chosen.find(({ target }) => target.name === 'uws')
  return uws === undefined ? {} : { 'uWebSockets.js': uws.version }
}
