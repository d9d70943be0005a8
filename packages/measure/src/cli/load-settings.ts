import type { HttpVersion } from '../load/http-version'
import type { LoadPart, Loop } from '../load/plan'
import {
  checkHeaders,
  originOf,
  type RequestFlags,
  type RequestSettings,
  requestOf,
  type WeightedUrl,
  weightedUrls,
} from './load-request'
import { allGiven, given, integerValue, numberValue, usageError, wordValue } from './values'

/** The options of `h2lab load` from the command line. */
export interface LoadFlags extends RequestFlags {
  readonly weights?: unknown
  readonly connections?: unknown
  readonly streams?: unknown
  readonly duration?: unknown
  readonly requests?: unknown
  readonly rate?: unknown
  readonly arrivals?: unknown
  readonly warmup?: unknown
  readonly timeout?: unknown
  readonly seed?: unknown
  readonly http?: unknown
  readonly threads?: unknown
  readonly workers?: unknown
  readonly workerCommand?: unknown
  readonly iOwnThisTarget?: unknown
  readonly json?: unknown
  readonly worker?: unknown
}

/** The settings of `h2lab load`, checked and with defaults. */
export interface LoadSettings extends RequestSettings {
  /** Such as `https://127.0.0.1:8443`. */
  readonly origin: string
  readonly urls: readonly WeightedUrl[]
  /** If undefined, negotiated with the server. */
  readonly httpVersion: HttpVersion | undefined
  readonly connections: number
  readonly streams: number
  readonly part: LoadPart
  /** Seconds. */
  readonly warmup: number
  /** Seconds. */
  readonly answerTime: number
  readonly seed: number
  readonly workers: WorkerChoice
  readonly ownTarget: boolean
  readonly json: boolean
}

/** Who generates the load: local processes, or several workers for each of some commands. */
export type WorkerChoice =
  | { readonly kind: 'processes'; readonly count: number }
  | {
      readonly kind: 'commands'
      readonly commands: readonly string[]
      /** The command that each worker runs. */
      readonly workerCommand: string
      readonly each: number
    }

export const LOAD_DEFAULTS = {
  connections: 1,
  streams: 1,
  duration: 10,
  warmup: 0,
  timeout: 10,
  seed: 1,
  arrivals: 'constant',
  threads: 1,
  workerCommand: 'h2lab load --worker',
} as const

/*
 * The largest values that a few machines can handle, with a margin. A larger value is probably a typo.
 */
const MOST_CONNECTIONS = 100_000
const MOST_STREAMS = 10_000
const MOST_SECONDS = 86_400
const MOST_REQUESTS = 1e12
const LEAST_RATE = 0.01
const MOST_RATE = 1e8
const MOST_SEED = 2 ** 32 - 1
const MOST_THREADS = 256

/**
 * Checks the arguments of `h2lab load`.
 *
 * @throws MeasureError `USAGE` naming the option and what is allowed
 */
export function loadSettings(urls: readonly string[], flags: LoadFlags): LoadSettings {
  const weighted = weightedUrls(urls, flags.weights)
  const httpVersion = given<HttpVersion | undefined>(flags.http, undefined, (value) =>
    wordValue<HttpVersion>('http', value, ['h2', 'http/1.1']),
  )
  const settings: LoadSettings = {
    origin: originOf(weighted),
    urls: weighted,
    httpVersion,
    ...requestOf(flags),
    connections: given(flags.connections, LOAD_DEFAULTS.connections, (value) =>
      integerValue('connections', value, 1, MOST_CONNECTIONS),
    ),
    streams: given(flags.streams, LOAD_DEFAULTS.streams, (value) =>
      integerValue('streams', value, 1, MOST_STREAMS),
    ),
    part: { loop: loopOf(flags), until: untilOf(flags) },
    warmup: given(flags.warmup, LOAD_DEFAULTS.warmup, (value) =>
      numberValue('warmup', value, 0, MOST_SECONDS),
    ),
    answerTime: given(flags.timeout, LOAD_DEFAULTS.timeout, (value) =>
      numberValue('timeout', value, 0.001, MOST_SECONDS),
    ),
    seed: given(flags.seed, LOAD_DEFAULTS.seed, (value) =>
      integerValue('seed', value, 0, MOST_SEED),
    ),
    workers: workersOf(flags),
    ownTarget: flags.iOwnThisTarget === true,
    json: flags.json === true,
  }
  if (httpVersion !== undefined) checkHeaders(settings.headers, httpVersion)
  checkShares(settings)
  return settings
}

/** The number of workers. */
export function workerCount(choice: WorkerChoice): number {
  return choice.kind === 'processes' ? choice.count : choice.commands.length * choice.each
}

function loopOf({ rate, arrivals }: LoadFlags): Loop {
  const kind = given(arrivals, LOAD_DEFAULTS.arrivals, (value) =>
    wordValue('arrivals', value, ['constant', 'poisson']),
  )
  if (rate !== undefined) return { kind: 'open', rate: rateOf(rate), arrivals: kind }
  if (arrivals === undefined) return { kind: 'closed' }
  throw usageError('--arrivals requires --rate: without it, each answer makes room for a request.')
}

function rateOf(value: unknown): { from: number; to: number } {
  const [, first, last] =
    /^(\d+(?:\.\d+)?)(?:\.\.(\d+(?:\.\d+)?))?$/.exec(String(value).trim()) ?? []
  const from = Number(first)
  const to = last === undefined ? from : Number(last)
  const isAllowed = (rate: number) => rate >= LEAST_RATE && rate <= MOST_RATE
  if (isAllowed(from) && isAllowed(to)) return { from, to }
  throw usageError(
    `--rate can't be ${JSON.stringify(String(value))}: it must be requests per second, from ${LEAST_RATE} to ${MOST_RATE}, such as 1000, or 1000..50000 for a ramp.`,
  )
}

function untilOf({ duration, requests, rate }: LoadFlags): LoadPart['until'] {
  if (requests === undefined) {
    const seconds = given<number>(duration, LOAD_DEFAULTS.duration, (value) =>
      numberValue('duration', value, 0.01, MOST_SECONDS),
    )
    return { kind: 'time', seconds }
  }
  if (duration !== undefined) {
    throw usageError("--duration and --requests can't be given together.")
  }
  if (String(rate).includes('..')) {
    throw usageError('--rate with a ramp requires --duration, not --requests.')
  }
  return { kind: 'requests', requests: integerValue('requests', requests, 1, MOST_REQUESTS) }
}

function workersOf({ threads, workers, workerCommand }: LoadFlags): WorkerChoice {
  const count = given<number>(threads, LOAD_DEFAULTS.threads, (value) =>
    integerValue('threads', value, 1, MOST_THREADS),
  )
  if (workers === undefined) {
    if (workerCommand === undefined) return { kind: 'processes', count }
    throw usageError('--worker-command requires --workers: it is the command that they run.')
  }
  const commands = allGiven(workers).map((value) => (value === true ? '' : String(value).trim()))
  if (commands.includes(''))
    throw usageError("--workers needs commands, such as 'ssh box1' 'ssh box2'.")
  const runs = given<string>(workerCommand, LOAD_DEFAULTS.workerCommand, String).trim()
  if (runs === '') {
    throw usageError("--worker-command needs a command, such as 'npx h2lab load --worker'.")
  }
  return { kind: 'commands', commands, workerCommand: runs, each: count }
}

/** Each worker needs a connection, and each connection a request. */
function checkShares({ workers, connections, part: { until } }: LoadSettings): void {
  const count = workerCount(workers)
  if (connections < count) {
    throw usageError(
      `--connections ${connections} can't be divided among ${count} workers: it must be at least ${count}.`,
    )
  }
  if (until.kind === 'requests' && until.requests < connections) {
    throw usageError(
      `--requests ${until.requests} is too few for --connections ${connections}: it must be at least one for each.`,
    )
  }
}
