import {
  type ClosedExperiment,
  EXPERIMENTS,
  experimentNamed,
  type KnownExperiment,
  type OpenExperiment,
} from '../experiments/experiments'
import type { SweepSize } from '../experiments/sweep'
import { GENERATOR_CHOICES } from '../generators/generators'
import { generatorFrom } from '../generators/h2load/h2load'
import type { LoadGenerator } from '../generators/load-generator'
import type { HttpVersion } from '../load/http-version'
import { PEERS } from '../peers/peers'
import type { Scenario } from '../simulator/loaded-server'
import type { Choice, RemoteChoice, TargetChoice } from '../targets/choose-targets'
import { IMPLEMENTATION_TARGETS } from '../targets/implementation-targets'
import { findTarget } from '../targets/targets'
import {
  DEFAULT_PLAN,
  QUICK_PLAN,
  type RepetitionFlags,
  type RepetitionPlan,
  repetitionPlan,
  WHOLE_PLAN,
} from './repetition-settings'
import {
  given,
  integerListValue,
  integerValue,
  numberValue,
  urlValue,
  usageError,
  wordListValue,
  wordValue,
} from './values'

/** The options of `h2lab run` from the command line. */
export interface RunFlags extends RepetitionFlags {
  readonly implementations?: unknown
  readonly peers?: unknown
  readonly target?: unknown
  readonly targetHttp?: unknown
  readonly clients?: unknown
  readonly streams?: unknown
  readonly tls?: unknown
  readonly duration?: unknown
  readonly warmup?: unknown
  readonly generator?: unknown
  readonly generatorCommand?: unknown
  readonly rates?: unknown
  readonly out?: unknown
  readonly json?: unknown
  readonly wide?: unknown
  readonly quick?: unknown
  readonly seed?: unknown
  readonly pin?: unknown
  readonly force?: unknown
}

/** The settings of `h2lab run`, checked and with defaults. */
export interface RunSettings {
  readonly experiment: ExperimentChoice
  readonly targets: TargetChoice
  readonly size: SweepSize
  readonly repetitions: RepetitionPlan
  /** Whether it is only a first look. */
  readonly quick: boolean
  /** Whether the generator and the servers run on different CPUs. */
  readonly pin: boolean
  /** Whether to run even if another run is measuring. */
  readonly force: boolean
  /** Where to save. If undefined, a new folder in `results`. */
  readonly out: string | undefined
  readonly json: boolean
  readonly wide: boolean
}

/** The experiment with its own settings. */
export type ExperimentChoice =
  | {
      readonly loop: 'closed'
      readonly of: ClosedExperiment
      readonly method: MethodChoice
    }
  | {
      readonly loop: 'open'
      readonly of: OpenExperiment
      readonly method: TurnChoice
      /** Requests per second of all connections together. If undefined, chosen by a probe. */
      readonly rates: readonly number[] | undefined
    }

/** How trials are made, before the generator is looked up. */
export type MethodChoice =
  | TurnChoice
  | { readonly kind: 'whole'; readonly generator: 'h2load' | LoadGenerator }

/** With the embedded generator. Without a seed, each run chooses its own. */
export interface TurnChoice {
  readonly kind: 'turns'
  readonly seed: number | undefined
}

/*
 * The largest values that a machine can handle, with a margin. A larger value is probably a typo.
 */
const MOST_CLIENTS = 1000
const MOST_STREAMS = 10_000
const MOST_SECONDS = 3600
const MOST_RATE = 100_000_000
const MOST_SEED = 2 ** 32 - 1

/** The shortest trial for which a CPU time in hundredths of a second is still meaningful. */
const SHORTEST_DURATION = 0.1

/**
 * Checks the options of `h2lab run`.
 *
 * @throws MeasureError `USAGE` naming the option and what is allowed
 */
export function runSettings(name: string | undefined, flags: RunFlags): RunSettings {
  const known = experimentNamed(name)
  const { streams, duration, warmup, out } = flags
  const targets = targetChoice(flags)
  const experiment = experimentChoice(known, flags)
  const isWhole = experiment.method.kind === 'whole'
  const quick = flags.quick === true
  const defaults = {
    ...known.defaults,
    ...(isWhole && experiment.loop === 'closed' ? experiment.of.whole : {}),
    ...(quick ? known.quick : {}),
  }
  const usualPlan = isWhole ? WHOLE_PLAN : DEFAULT_PLAN
  const settings: RunSettings = {
    experiment,
    targets,
    size: {
      scenarios: scenarios(flags, targets, known),
      streams: given(streams, defaults.streams, (value) =>
        integerListValue('streams', value, 1, MOST_STREAMS),
      ),
      duration: given(duration, defaults.duration, (value) =>
        numberValue('duration', value, SHORTEST_DURATION, MOST_SECONDS),
      ),
      warmup: given(warmup, defaults.warmup, (value) =>
        numberValue('warmup', value, 0, MOST_SECONDS),
      ),
    },
    repetitions: repetitionPlan(flags, quick ? QUICK_PLAN : usualPlan),
    quick,
    pin: flags.pin === true,
    force: flags.force === true,
    out: given(out, undefined, (value) => String(value)),
    json: flags.json === true,
    wide: flags.wide === true,
  }
  checkClients(settings)
  checkTransport(settings)
  checkPlace(flags)
  return settings
}

function experimentChoice(known: KnownExperiment, flags: RunFlags): ExperimentChoice {
  const { rates } = flags
  const method = methodChoice(flags)
  if (known.loop === 'closed') {
    if (rates === undefined) return { loop: 'closed', of: known, method }
    throw usageError(
      `--rates can't be used with ${known.name}, whose load is a closed loop: leave it out, or choose ${openNames()}.`,
    )
  }
  if (method.kind === 'whole') {
    throw usageError(
      `${known.name} sends requests at rates, which h2load does not: --generator must be embedded or left out, and --generator-command left out.`,
    )
  }
  return {
    loop: 'open',
    of: known,
    method,
    rates: given<readonly number[] | undefined>(rates, undefined, (value) =>
      integerListValue('rates', value, 1, MOST_RATE),
    ),
  }
}

function openNames(): string {
  return EXPERIMENTS.filter(({ loop }) => loop === 'open')
    .map(({ name }) => name)
    .join(' or ')
}

/** At least one server must support this many clients. */
function checkClients({ targets, size }: RunSettings): void {
  const { implementations, peers, remote } = targets
  // Some of all implementations support any number of clients, and so may a remote server.
  if (implementations === 'available' || peers === 'available' || remote !== undefined) return
  const names = [...implementations, ...peers]
  const most = Math.max(...names.map((name) => findTarget(name)?.mostClients ?? 0))
  const fewest = Math.min(...size.scenarios.map(({ clients }) => clients))
  if (most >= fewest) return
  throw usageError(
    `--clients ${fewest} is more than ${names.join(', ')} can serve at once: at most ${most}.`,
  )
}

/** A remote server is reached either with TLS or without. */
function checkTransport({ targets: { remote }, size }: RunSettings): void {
  if (remote === undefined) return
  const { url } = remote
  if (size.scenarios.some(({ tls }) => tls === hasTls(remote))) return
  throw usageError(
    `--target ${url} is ${hasTls(remote) ? 'with' : 'without'} TLS, so --tls must be ${hasTls(remote) ? 'on' : 'off'} or both.`,
  )
}

function hasTls({ url }: RemoteChoice): boolean {
  return new URL(url).protocol === 'https:'
}

function targetChoice(flags: RunFlags): TargetChoice {
  const remote = remoteChoice(flags)
  return {
    // A remote server is measured alone by default.
    implementations: given<Choice>(
      flags.implementations,
      remote === undefined ? 'available' : [],
      (value) =>
        wordListValue(
          'implementations',
          value,
          IMPLEMENTATION_TARGETS.map(({ name }) => name),
        ),
    ),
    peers: given<Choice>(flags.peers, [], peerChoice),
    remote,
  }
}

function peerChoice(value: unknown): Choice {
  if (value === 'auto') return 'available'
  if (value === 'none') return []
  const names = PEERS.map(({ name }) => name)
  const items = wordListValue('peers', value, ['auto', 'none', ...names])
  const alone = items.find((item) => !names.includes(item))
  if (alone === undefined) return items
  throw usageError(`--peers ${alone} can't be combined with others.`)
}

function remoteChoice({ target, targetHttp }: RunFlags): RemoteChoice | undefined {
  const httpVersion = given<HttpVersion | undefined>(targetHttp, undefined, (value) =>
    wordValue<HttpVersion>('target-http', value, ['h2', 'http/1.1']),
  )
  if (target !== undefined) return { url: urlValue('target', target), httpVersion }
  if (httpVersion === undefined) return undefined
  throw usageError('--target-http requires --target: it is the protocol of that server.')
}

function methodChoice({ generator, generatorCommand, seed }: RunFlags): MethodChoice {
  const choice = given(generator, generatorCommand === undefined ? 'embedded' : 'h2load', (value) =>
    wordValue('generator', value, GENERATOR_CHOICES),
  )
  if (choice === 'embedded') {
    if (generatorCommand !== undefined) {
      throw usageError(
        '--generator-command runs h2load, so --generator must be h2load or left out.',
      )
    }
    return {
      kind: 'turns',
      seed: given(seed, undefined, (value) => integerValue('seed', value, 0, MOST_SEED)),
    }
  }
  if (seed !== undefined) {
    throw usageError(
      '--seed is for the order of turns: with h2load, trials run whole and in order.',
    )
  }
  return {
    kind: 'whole',
    generator: generatorCommand === undefined ? choice : generatorFrom(String(generatorCommand)),
  }
}

/** The CPUs of another machine are unknown. */
function checkPlace({ pin, generatorCommand }: RunFlags): void {
  if (pin !== true || generatorCommand === undefined) return
  throw usageError("--pin is for this machine: it can't be combined with --generator-command.")
}

/** The default scenarios, or the cross product of what is given. */
function scenarios(
  { clients, tls }: RunFlags,
  { implementations, peers, remote }: TargetChoice,
  { defaults }: KnownExperiment,
): readonly Scenario[] {
  const remoteAlone = implementations.length + peers.length === 0 ? remote : undefined
  if (clients === undefined && tls === undefined && remoteAlone === undefined) {
    return defaults.scenarios
  }
  const usualCounts = [...new Set(defaults.scenarios.map((one) => one.clients))]
  const counts = given(clients, usualCounts, (value) =>
    integerListValue('clients', value, 1, MOST_CLIENTS),
  )
  const usual = remoteAlone === undefined || hasTls(remoteAlone) ? 'on' : 'off'
  const choice = given(tls, usual, (value) => wordValue('tls', value, ['on', 'off', 'both']))
  const withTls = choice === 'both' ? [true, false] : [choice === 'on']
  return withTls.flatMap((one) => counts.map((count) => ({ clients: count, tls: one })))
}
