import { devTls } from '@h2lab/tls-context'
import { type Experiment, pointsOf } from '../experiment/experiment'
import { sweep } from '../experiments/sweep'
import { chooseGenerator } from '../generators/generators'
import type { LoadVariables, LoadWorld } from '../simulator/loaded-server'
import { type Manifest, thisMachine, versionsInUse } from '../storage/manifest'
import { type ChosenTarget, chooseTargets, type MissingTarget } from '../targets/choose-targets'
import type { Target } from '../targets/target'
import type { RunSettings } from './run-settings'

/** A run before its first trial. */
export interface PreparedRun {
  readonly experiment: Experiment<LoadVariables, LoadWorld>
  readonly generator: string
  readonly targets: readonly Target[]
  readonly missing: readonly MissingTarget[]
  readonly manifest: Manifest
}

/**
 * Finds the generator and the targets of a run.
 *
 * @throws MeasureError `GENERATOR_FAILED`, `TARGET_UNAVAILABLE`, `SERVER_FAILED` or `TIMED_OUT`
 */
export async function prepareRun(settings: RunSettings, startedAt: Date): Promise<PreparedRun> {
  const { generator, version } = await chooseGenerator(settings.generator)
  const { chosen, missing } = await chooseTargets(settings.targets)
  const targets = chosen.map(({ target }) => target)
  const experiment = sweep({ ...settings.sweep, targets }, generator, await devTls())
  const { name } = generator
  const manifest = firstManifest(settings, experiment, chosen, startedAt, { name, version })
  return { experiment, generator: name, targets, missing, manifest }
}

function firstManifest(
  { sweep: { scenarios, streams, duration, warmup }, repeat }: RunSettings,
  experiment: Experiment<LoadVariables, LoadWorld>,
  chosen: readonly ChosenTarget[],
  startedAt: Date,
  generator: Manifest['generator'],
): Manifest {
  return {
    experiment: { name: experiment.name, title: experiment.title },
    startedAt: startedAt.toISOString(),
    state: { kind: 'running' },
    trials: pointsOf(experiment).length * repeat,
    options: {
      implementations: chosen.map(({ target }) => target.name),
      scenarios: scenarios.map(({ clients, tls }) => ({ clients, tls })),
      streams: [...streams],
      duration,
      warmup,
      repeat,
    },
    others: chosen.flatMap(({ target: { name, kind }, version }) =>
      kind === 'implementation' ? [] : [{ name, kind, version }],
    ),
    generator,
    tlsCiphers: [],
    machine: thisMachine(),
    versions: { ...versionsInUse(), ...foreignBuilds(chosen) },
  }
}

/** What our implementations are built on and these packages' versions do not tell. */
function foreignBuilds(chosen: readonly ChosenTarget[]): Manifest['versions'] {
  const uws = chosen.find(({ target }) => target.name === 'uws')
  return uws === undefined ? {} : { 'uWebSockets.js': uws.version }
}
