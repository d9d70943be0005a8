import { MeasureError } from '../errors'
import type { Results } from '../storage/results-folder'
import { compareTrials } from './compare-trials'
import type { Comparison } from './comparison'
import { type Difference, differencesOf, versionDifferences } from './differences'
import { pointTitle } from './point-title'

export interface FoldersToCompare {
  readonly a: FolderSide
  readonly b: FolderSide
  readonly threshold: number
  /** Whether to compare runs that differ in more than their servers. */
  readonly force: boolean
}

/** A run and the folder that holds it. */
export interface FolderSide {
  readonly folder: string
  readonly results: Results
}

/** A run can't account for this. */
const TWO_RUNS =
  'These are two runs: what changed on the machine between them counts as a difference. Servers that take turns in one run can be told apart better.'

/**
 * Compares two runs.
 *
 * @throws MeasureError `NOT_COMPARABLE` naming what differs in addition to the servers, unless forced; or if they
 *   have no point in common
 */
export function compareFolders({ a, b, threshold, force }: FoldersToCompare): Comparison {
  const differences = differencesOf(a.results, b.results)
  if (differences.length > 0 && !force) throw notComparable(differences)
  const { points, onlyA, onlyB } = compareTrials({
    a: a.results.trials,
    b: b.results.trials,
    pairing: 'none',
    threshold,
    subjectOf: ({ implementation }) => implementation,
  })
  if (points.length === 0) {
    throw new MeasureError(
      'NOT_COMPARABLE',
      `${a.folder} and ${b.folder} have no point in common: no server with as many clients and streams.`,
    )
  }
  const versions = versionDifferences(a.results.manifest, b.results.manifest)
  return {
    a: { name: a.folder, detail: null },
    b: { name: b.folder, detail: null },
    pairing: 'none',
    threshold,
    points,
    notes: [
      TWO_RUNS,
      ...differences.map((one) => `Compared although this differs: ${text(one)}.`),
      ...(versions.length === 0 ? [] : [`Versions that differ: ${versions.map(text).join('; ')}.`]),
      ...onlyIn(a.folder, onlyA.map(pointTitle)),
      ...onlyIn(b.folder, onlyB.map(pointTitle)),
    ],
  }
}

function notComparable(differences: readonly Difference[]): MeasureError {
  const lines = differences.map((one) => `  ${text(one)}`).join('\n')
  return new MeasureError(
    'NOT_COMPARABLE',
    `These runs can't be compared, since more differs than the servers:\n${lines}\n--force compares them nevertheless.`,
  )
}

function text({ what, a, b }: Difference): string {
  return `${what}: ${a} in A, ${b} in B`
}

/** More names would hide what was compared. */
const MOST_NAMES = 5

function onlyIn(folder: string, titles: readonly string[]): string[] {
  if (titles.length === 0) return []
  const more = titles.length - MOST_NAMES
  const names = titles.slice(0, MOST_NAMES).join('; ')
  return [`Only in ${folder}: ${names}${more > 0 ? `; and ${more} more` : ''}.`]
}
