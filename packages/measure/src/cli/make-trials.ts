import { MeasureError } from '../errors'
import { pointsOf } from '../experiment/experiment'
import { runExperiment } from '../experiment/run-experiment'
import { currentFrequency, type Frequency } from '../machine/frequency'
import type { LoadVariables } from '../simulator/load-world'
import type { TrialsFile } from '../storage/trials-file'
import { pointTitle } from '../summary/point-title'
import { pointName } from '../summary/points'
import { findTarget } from '../targets/targets'
import { toTrial } from '../trial/to-trial'
import type { Trial } from '../trial/trial'
import type { PreparedRun } from './prepare-run'
import type { Progress } from './progress'
import { Repetitions } from './repetitions'
import type { RunSettings } from './run-settings'

/** The results of a run. */
export interface MadeTrials {
  readonly trials: readonly Trial[]
  /** The clock frequencies of the CPUs after each trial. */
  readonly frequencies: readonly Frequency[]
}

/** Runs the trials, saves each as it ends, and shows the progress. */
export async function makeTrials(
  prepared: PreparedRun,
  { repetitions: plan }: RunSettings,
  signal: AbortSignal,
  file: TrialsFile,
  progress: Progress,
): Promise<MadeTrials> {
  const { experiment, manifest, method, targets } = prepared
  const repetitions = new Repetitions(plan)
  const fixed = plan.kind === 'fixed' ? manifest.trials : undefined
  const titles = new RepetitionTitles(prepared)
  const outcomes = runExperiment(experiment, {
    repeat: plan.kind === 'fixed' ? plan.times : Number.POSITIVE_INFINITY,
    signal,
    goesOn: (next) => repetitions.goesOn(next),
    onTrialStart({ trial }, variables) {
      // Trials in turns start together, so the title of the first covers all.
      if (!titles.isFirst(variables)) return
      const { title, trials } = titles.of(variables)
      const range = { first: trial, last: trial + trials - 1, of: fixed }
      progress.trialsStarted(range, title, repetitions.timeLeft)
    },
    onTrialRepeat: (_, variables, { message }) =>
      progress.note(`made again: ${titleOf(variables)}: ${message}`),
  })
  const trials: Trial[] = []
  const frequencies: Frequency[] = []
  for await (const outcome of outcomes) {
    const target = findTarget(outcome.variables.implementation, targets)
    const trial = toTrial(outcome, manifest.generator.name, target?.httpVersion, method)
    trials.push(trial)
    repetitions.add(trial)
    const frequency = currentFrequency()
    if (frequency !== undefined) frequencies.push(frequency)
    progress.trialEnded()
    if (trial.outcome === 'failed') {
      progress.note(`failed: ${titleOf(outcome.variables)}: ${trial.error}`)
    }
    await addTrial(file, trial, progress)
  }
  progress.end()
  return { trials, frequencies }
}

/** More names than this do not fit a line. */
const MOST_NAMES = 3

/** The titles of repetitions, of one trial or of several in turns. */
class RepetitionTitles {
  readonly #method: PreparedRun['method']
  readonly #compared = new Map<string, LoadVariables[]>()

  constructor({ experiment, method }: PreparedRun) {
    this.#method = method
    for (const point of pointsOf(experiment)) {
      const place = placeName(point)
      const others = this.#compared.get(place)
      if (others === undefined) this.#compared.set(place, [point])
      else others.push(point)
    }
  }

  /** Whether it is the first trial of a repetition. */
  isFirst(variables: LoadVariables): boolean {
    if (this.#method === 'whole') return true
    return this.#comparedWith(variables)[0]?.implementation === variables.implementation
  }

  of(variables: LoadVariables): { readonly title: string; readonly trials: number } {
    const compared = this.#comparedWith(variables)
    if (this.#method === 'whole' || compared.length === 1) {
      return { title: titleOf(variables), trials: 1 }
    }
    const names = compared.map(({ implementation }) => implementation)
    const who = names.length > MOST_NAMES ? `${names.length} servers` : names.join(', ')
    return { title: `${placeTitle(variables)}: ${who} in turns`, trials: names.length }
  }

  #comparedWith(variables: LoadVariables): readonly LoadVariables[] {
    return this.#compared.get(placeName(variables)) ?? [variables]
  }
}

function placeName({ scenario, streams, rate }: LoadVariables): string {
  return pointName({ scenario, streams, offeredRate: rate ?? null })
}

/** The run continues if there is no room for the trial. There may be room again for the next one. */
async function addTrial(file: TrialsFile, trial: Trial, progress: Progress): Promise<void> {
  const alreadyFailing = file.unsaved.length > 0
  try {
    await file.add(trial)
    if (alreadyFailing) progress.note('saved now, with all trials before')
  } catch (error) {
    if (!(error instanceof MeasureError)) throw error
    if (!alreadyFailing) progress.note(`${error.message} The run goes on.`)
  }
}

function titleOf(variables: LoadVariables): string {
  return `${variables.implementation}, ${placeTitle(variables)}`
}

function placeTitle({ scenario, streams, rate }: LoadVariables): string {
  return pointTitle({ scenario, streams, offeredRate: rate ?? null })
}
