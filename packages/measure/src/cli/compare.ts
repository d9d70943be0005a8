import { devTls } from '@h2lab/tls-context'
import pc from 'picocolors'
import { compareFolders } from '../compare/compare-folders'
import type { ComparedSide, Comparison } from '../compare/comparison'
import { comparisonMarkdown } from '../compare/markdown'
import { type Contest, compareInTurns, type Repetition } from '../compare/measure-in-turns'
import { pointTitle } from '../compare/point-title'
import { builtRevisions } from '../compare/revisions/built-revisions'
import { findRepository, findRevision, hasChanges } from '../compare/revisions/git'
import { revisionTarget } from '../compare/revisions/revision-targets'
import { outcomeOf } from '../compare/verdict'
import { MeasureError } from '../errors'
import { takeRunLock } from '../machine/run-lock'
import { readResults } from '../storage/results-folder'
import type { Target } from '../targets/target'
import {
  type CompareFlags,
  type CompareSettings,
  compareSettings,
  type Measuring,
  type Sides,
} from './compare-settings'
import { comparisonTable } from './comparison-table'
import { watchInterruption } from './interruption'
import { Progress } from './progress'

/**
 * `h2lab compare`: compares B with A.
 *
 * @returns the exit code: 1 if B is worse by more than the threshold, or something could not be measured
 */
export async function compare(
  a: string | undefined,
  b: string | undefined,
  flags: CompareFlags,
): Promise<number> {
  const settings = compareSettings(a, b, flags)
  const comparison = await comparisonOf(settings)
  process.stdout.write(`${outputText(comparison, settings)}\n`)
  return outcomeOf(comparison) === 'within' ? 0 : 1
}

function outputText(comparison: Comparison, { output }: CompareSettings): string {
  switch (output) {
    case 'json':
      return JSON.stringify({ outcome: outcomeOf(comparison), ...comparison }, undefined, 2)
    case 'markdown':
      return comparisonMarkdown(comparison)
    case 'table': {
      const width = process.stdout.columns ?? Number.POSITIVE_INFINITY
      return comparisonTable(comparison, { colors: pc, width })
    }
  }
}

async function comparisonOf({ sides, threshold, force }: CompareSettings): Promise<Comparison> {
  if (sides.kind === 'folders') {
    const side = async (folder: string) => ({ folder, results: await readResults(folder) })
    return compareFolders({ a: await side(sides.a), b: await side(sides.b), threshold, force })
  }
  const progress = new Progress(process.stderr)
  const interruption = watchInterruption(() => progress.note('interrupted: ending the comparison'))
  try {
    const context = { threshold, force, progress, signal: interruption.signal }
    return sides.kind === 'targets'
      ? await compareTargets(sides, context)
      : await compareRevisions(sides, context)
  } finally {
    progress.end()
    interruption.end()
  }
}

interface Context {
  readonly threshold: number
  readonly force: boolean
  readonly progress: Progress
  readonly signal: AbortSignal
}

async function compareTargets(
  { a, b, measuring }: Extract<Sides, { kind: 'targets' }>,
  context: Context,
): Promise<Comparison> {
  for (const target of [a, b]) await refuseMissing(target)
  const names = distinctNames(a.name, b.name)
  const contest = {
    subject: null,
    a: { ...a, name: names[0] },
    b: { ...b, name: names[1] },
  }
  const notes =
    a.httpVersion === b.httpVersion
      ? []
      : ['One side speaks HTTP/1.1: its streams are pipelined requests.']
  return inTurns(names, [null, null], [contest], notes, measuring, context)
}

async function refuseMissing(target: Target): Promise<void> {
  const availability = await target.availability()
  if (availability.state === 'available') return
  throw new MeasureError(
    'TARGET_UNAVAILABLE',
    `${target.name} can't be measured here: ${availability.reason}.`,
  )
}

async function compareRevisions(
  { a, b, implementations, measuring }: Extract<Sides, { kind: 'revisions' }>,
  context: Context,
): Promise<Comparison> {
  const { progress, signal } = context
  const repository = await findRepository(process.cwd())
  const revisions = [await findRevision(repository, a), await findRevision(repository, b)]
  const folders = await builtRevisions(revisions, {
    repository,
    signal,
    onBuild: ({ name, commit }) =>
      progress.note(`building ${name} (${commit.slice(0, 12)}), which takes a minute or two`),
  })
  const names = distinctNames(a, b)
  const [one, other] = names.map((name, index) => ({ name, folder: folders[index]! }))
  const contests = implementations.map((subject) => ({
    subject,
    a: revisionTarget(subject, `${subject} of ${names[0]}`, one!),
    b: revisionTarget(subject, `${subject} of ${names[1]}`, other!),
  }))
  const notes = (await hasChanges(repository))
    ? [`${repository} has uncommitted changes, which were not measured.`]
    : []
  const details = revisions.map(({ commit }) => commit)
  return inTurns(names, [details[0]!, details[1]!], contests, notes, measuring, context)
}

async function inTurns(
  names: readonly [string, string],
  details: readonly [string | null, string | null],
  contests: readonly Contest[],
  notes: readonly string[],
  { scenarios, streams, precision, budget, repeat }: Measuring,
  { threshold, force, progress, signal }: Context,
): Promise<Comparison> {
  const sides = names.map((name, index): ComparedSide => ({ name, detail: details[index]! }))
  const startedAt = performance.now()
  let repetitions = 0
  const lock = await takeRunLock(null, force)
  try {
    return await compareInTurns({
      a: sides[0]!,
      b: sides[1]!,
      contests,
      scenarios,
      streams,
      tls: await devTls(),
      threshold,
      precision,
      budget: budget * 60_000,
      repeat: repeat ?? Number.POSITIVE_INFINITY,
      signal,
      notes,
      onRepetition(next) {
        const range = { first: 2 * repetitions + 1, last: 2 * repetitions + 2, of: undefined }
        repetitions++
        const timeLeft = budget * 60 - (performance.now() - startedAt) / 1000
        progress.trialsStarted(range, repetitionTitle(next), Math.max(0, timeLeft))
      },
    })
  } finally {
    await lock.release()
  }
}

function repetitionTitle({ round, contest: { subject }, scenario, streams }: Repetition): string {
  return `repetition ${round}: ${pointTitle({ subject, scenario, streams, offeredRate: null })}`
}

/** If a side is compared with itself, gives both a distinct name. */
function distinctNames(a: string, b: string): readonly [string, string] {
  return a === b ? [`${a} (A)`, `${b} (B)`] : [a, b]
}
