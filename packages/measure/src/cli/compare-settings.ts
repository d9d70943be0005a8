import { statSync } from 'node:fs'
import { IMPLEMENTATIONS } from '../implementations/implementation'
import type { Scenario } from '../simulator/loaded-server'
import type { Target } from '../targets/target'
import { findTarget, TARGETS } from '../targets/targets'
import {
  given,
  integerListValue,
  integerValue,
  numberValue,
  percentValue,
  usageError,
  wordListValue,
  wordValue,
} from './values'

/** The options of `h2lab compare` from the command line. */
export interface CompareFlags {
  readonly revisions?: unknown
  readonly implementations?: unknown
  readonly clients?: unknown
  readonly streams?: unknown
  readonly tls?: unknown
  readonly precision?: unknown
  readonly budget?: unknown
  readonly repeat?: unknown
  readonly threshold?: unknown
  readonly json?: unknown
  readonly markdown?: unknown
  readonly force?: unknown
}

/** The settings of `h2lab compare`, checked and with defaults. */
export interface CompareSettings {
  readonly sides: Sides
  /** By how much B may be worse, as a fraction. */
  readonly threshold: number
  readonly output: 'table' | 'json' | 'markdown'
  readonly force: boolean
}

/** What is compared. */
export type Sides =
  | { readonly kind: 'folders'; readonly a: string; readonly b: string }
  | {
      readonly kind: 'targets'
      readonly a: Target
      readonly b: Target
      readonly measuring: Measuring
    }
  | {
      readonly kind: 'revisions'
      readonly a: string
      readonly b: string
      /** By names that exist in both revisions. */
      readonly implementations: readonly string[]
      readonly measuring: Measuring
    }

/** How servers are measured in turns. */
export interface Measuring {
  readonly scenarios: readonly Scenario[]
  readonly streams: readonly number[]
  /** How narrow each interval has to be, as a fraction. */
  readonly precision: number
  /** The time limit for that, in minutes. */
  readonly budget: number
  /** The most repetitions. If undefined, as many as the budget allows. */
  readonly repeat: number | undefined
}

/** The defaults of `h2lab compare`, also shown in its help. */
export const COMPARE_DEFAULTS = {
  /** The protocol with a handler, on both event loops. Most changes affect these. */
  implementations: ['async/http2', 'async-custom/http2'],
  clients: [5],
  streams: [100],
  threshold: 0.05,
  /** In minutes. */
  budget: 3,
} as const

/**
 * With intervals this narrow, an effect as large as the threshold is found in 99 of 100 comparisons. Half of the
 * threshold would find it in 97.
 */
const PRECISION_OF_THRESHOLD = 0.4

const MOST_CLIENTS = 1000
const MOST_STREAMS = 10_000
const MOST_ROUNDS = 1000
const MOST_MINUTES = 24 * 60

/**
 * Checks the options of `h2lab compare`.
 *
 * @throws MeasureError `USAGE` naming the option and what is allowed
 */
export function compareSettings(
  a: string | undefined,
  b: string | undefined,
  flags: CompareFlags,
): CompareSettings {
  const threshold = given<number>(flags.threshold, COMPARE_DEFAULTS.threshold, (value) =>
    percentValue('threshold', value, 0, 1000),
  )
  return {
    sides: sides(a, b, flags, threshold),
    threshold,
    output: output(flags),
    force: flags.force === true,
  }
}

function output({ json, markdown }: CompareFlags): CompareSettings['output'] {
  if (json === true && markdown === true) {
    throw usageError("--json and --markdown can't be given together.")
  }
  if (json === true) return 'json'
  return markdown === true ? 'markdown' : 'table'
}

function sides(
  a: string | undefined,
  b: string | undefined,
  flags: CompareFlags,
  threshold: number,
): Sides {
  if (flags.revisions !== undefined) return revisions(a, flags, threshold)
  if (flags.implementations !== undefined) {
    throw usageError('--implementations requires --revisions: it selects the servers to compare.')
  }
  if (a === undefined || b === undefined) {
    throw usageError(
      'h2lab compare needs A and B, two result folders or two servers; or --revisions.',
    )
  }
  const [one, other] = [side(a), side(b)]
  if (typeof one === 'string' && typeof other === 'string') {
    refuseMeasuring(flags)
    return { kind: 'folders', a: one, b: other }
  }
  if (typeof one === 'object' && typeof other === 'object') {
    return { kind: 'targets', a: one, b: other, measuring: measuring(flags, threshold) }
  }
  throw usageError(
    `${a} and ${b} can't be compared: one is a folder of results, the other a server to measure.`,
  )
}

/** A server that can be started, or the path of a result folder. */
function side(name: string): Target | string {
  const target = findTarget(name)
  if (target !== undefined) return target
  if (statSync(name, { throwIfNoEntry: false })?.isDirectory() === true) return name
  const names = TARGETS.map((one) => one.name).join(', ')
  throw usageError(
    `${JSON.stringify(name)} is no folder of results, and no server to measure: those are ${names}.`,
  )
}

function revisions(a: string | undefined, flags: CompareFlags, threshold: number): Sides {
  if (a !== undefined) {
    throw usageError(
      `--revisions selects what is compared, so there can't be an argument ${JSON.stringify(a)}.`,
    )
  }
  const names = String(flags.revisions)
    .split(',')
    .map((name) => name.trim())
  const [first, second] = names
  if (names.length !== 2 || !first || !second) {
    throw usageError(
      `--revisions can't be ${JSON.stringify(String(flags.revisions))}: it must be two revisions separated by a comma, such as main,HEAD.`,
    )
  }
  return {
    kind: 'revisions',
    a: first,
    b: second,
    implementations: given<readonly string[]>(
      flags.implementations,
      COMPARE_DEFAULTS.implementations,
      (value) =>
        wordListValue(
          'implementations',
          value,
          IMPLEMENTATIONS.map(({ name }) => name),
        ),
    ),
    measuring: measuring(flags, threshold),
  }
}

function measuring(flags: CompareFlags, threshold: number): Measuring {
  const { clients, tls, streams, precision, budget, repeat } = flags
  const counts = given<readonly number[]>(clients, COMPARE_DEFAULTS.clients, (value) =>
    integerListValue('clients', value, 1, MOST_CLIENTS),
  )
  const choice = given(tls, 'on', (value) => wordValue('tls', value, ['on', 'off', 'both']))
  const withTls = choice === 'both' ? [true, false] : [choice === 'on']
  return {
    scenarios: withTls.flatMap((one) => counts.map((count) => ({ clients: count, tls: one }))),
    streams: given<readonly number[]>(streams, COMPARE_DEFAULTS.streams, (value) =>
      integerListValue('streams', value, 1, MOST_STREAMS),
    ),
    precision: given(precision, Math.max(0.001, threshold * PRECISION_OF_THRESHOLD), (value) =>
      percentValue('precision', value, 0.1, 100),
    ),
    budget: given<number>(budget, COMPARE_DEFAULTS.budget, (value) =>
      numberValue('budget', value, 0.01, MOST_MINUTES),
    ),
    repeat: given<number | undefined>(repeat, undefined, (value) =>
      integerValue('repeat', value, 1, MOST_ROUNDS),
    ),
  }
}

/** Comparing two folders measures nothing. */
function refuseMeasuring(flags: CompareFlags): void {
  const names = ['clients', 'streams', 'tls', 'precision', 'budget', 'repeat'] as const
  const first = names.find((name) => flags[name] !== undefined)
  if (first === undefined) return
  throw usageError(
    `--${first} requires servers or --revisions: comparing two folders measures nothing.`,
  )
}
