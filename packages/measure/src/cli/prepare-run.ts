import { randomInt } from 'node:crypto'
import { devTls } from '@h2lab/tls-context'
import { type Experiment, pointsOf } from '../experiment/experiment'
import { type SweepMethod, sweep } from '../experiments/sweep'
import { chooseGenerator } from '../generators/generators'
import { choosePinning } from '../machine/cpus'
import type { LoadVariables, LoadWorld } from '../simulator/load-world'
import { TURN_DEFAULTS } from '../simulator/servers-in-turns'
import { type Manifest, thisMachine, versionsInUse } from '../storage/manifest'
import { type ChosenTarget, chooseTargets, type MissingTarget } from '../targets/choose-targets'
import type { Target } from '../targets/target'
import type { MethodChoice, RunSettings } from './run-settings'

/** A run before its first trial. */
export interface PreparedRun {
  readonly experiment: Experiment<LoadVariables, LoadWorld>
  readonly method: Manifest['method']['kind']
  readonly targets: readonly Target[]
  readonly missing: readonly MissingTarget[]
  readonly manifest: Manifest
}

/**
 * Finds the generator, the targets and the CPUs of a run.
 *
 * @throws MeasureError `GENERATOR_FAILED`, `TARGET_UNAVAILABLE`, `SERVER_FAILED`, `TIMED_OUT`, or `USAGE` if
 *   generator and servers can't be kept apart
 */
export async function prepareRun(settings: RunSettings, startedAt: Date): Promise<PreparedRun> {
  const pinning = settings.pin ? await choosePinning() : undefined
  const { method, generator } = await findMethod(settings.method)
  const { chosen, missing } = await chooseTargets(settings.targets)
  const targets = chosen.map(({ target }) => target)
  const experiment = sweep({ ...settings.sweep, targets }, method, await devTls(), pinning)
  const manifest: Manifest = {
    experiment: { name: experiment.name, title: experiment.title },
    startedAt: startedAt.toISOString(),
    state: { kind: 'running' },
    trials: pointsOf(experiment).length * timesOf(settings),
    options: optionsOf(settings, targets),
    method: methodRecord(method),
    repetitions: repetitionsRecord(settings),
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

interface FoundMethod {
  readonly method: SweepMethod
  readonly generator: Manifest['generator']
}

async function findMethod(choice: MethodChoice): Promise<FoundMethod> {
  const wanted = choice.kind === 'turns' ? 'embedded' : choice.generator
  const { generator, version } = await chooseGenerator(wanted)
  const method: SweepMethod =
    choice.kind === 'turns'
      ? { kind: 'turns', seed: choice.seed ?? randomInt(2 ** 32), slice: TURN_DEFAULTS.slice }
      : { kind: 'whole', generator }
  return { method, generator: { name: generator.name, version } }
}

/** How often each point is measured at least. */
function timesOf({ repetitions }: RunSettings): number {
  return repetitions.kind === 'fixed' ? repetitions.times : 1
}

function optionsOf(settings: RunSettings, targets: readonly Target[]): Manifest['options'] {
  const { scenarios, streams, duration, warmup } = settings.sweep
  return {
    implementations: targets.map(({ name }) => name),
    scenarios: scenarios.map(({ clients, tls }) => ({ clients, tls })),
    streams: [...streams],
    duration,
    warmup,
    repeat: timesOf(settings),
  }
}

function methodRecord(method: SweepMethod): Manifest['method'] {
  if (method.kind === 'whole') return { kind: 'whole' }
  return { kind: 'turns', seed: method.seed, slice: method.slice }
}

function repetitionsRecord({ repetitions }: RunSettings): Manifest['repetitions'] {
  if (repetitions.kind === 'fixed') return repetitions
  return { ...repetitions, precision: repetitions.precision ?? null }
}

/** What our implementations are built on and these packages' versions do not tell. */
function foreignBuilds(chosen: readonly ChosenTarget[]): Manifest['versions'] {
  const uws = chosen.find(({ target }) => target.name === 'uws')
  return uws === undefined ? {} : { 'uWebSockets.js': uws.version }
}
