import { MeasureError } from '../errors'
import { QUICK_SWEEP, SWEEP_DEFAULTS, SWEEP_NAME, type SweepOptions } from '../experiments/sweep'
import { GENERATOR_CHOICES, type GeneratorChoice } from '../generators/generators'
import { findImplementation, IMPLEMENTATIONS } from '../implementations/implementation'
import type { Scenario } from '../simulator/loaded-server'
import { integerListValue, integerValue, numberValue, wordListValue, wordValue } from './values'

/** The options of `h2lab run`, as they come from the command line. */
export interface RunFlags {
  readonly implementations?: unknown
  readonly clients?: unknown
  readonly streams?: unknown
  readonly tls?: unknown
  readonly duration?: unknown
  readonly warmup?: unknown
  readonly repeat?: unknown
  readonly generator?: unknown
  readonly out?: unknown
  readonly json?: unknown
  readonly quick?: unknown
}

/** What `h2lab run` is to do, checked and with defaults. */
export interface RunSettings {
  readonly sweep: SweepOptions
  readonly repeat: number
  readonly generator: GeneratorChoice
  /** Where to save; undefined: a new folder in `results`. */
  readonly out: string | undefined
  readonly json: boolean
}

/*
 * The largest values: what a machine can do, with some to spare. Beyond them a slip of the
 * finger is more likely than a wish.
 */
const MOST_CLIENTS = 1000
const MOST_STREAMS = 10_000
const MOST_SECONDS = 3600
const MOST_ROUNDS = 1000

/** The shortest trial in which a CPU time in hundredths of a second still says something. */
const SHORTEST_DURATION = 0.1

/**
 * Checks the options of `h2lab run`.
 *
 * @throws MeasureError `USAGE` naming the option and what is allowed
 */
export function runSettings(experiment: string | undefined, flags: RunFlags): RunSettings {
  checkExperiment(experiment ?? SWEEP_NAME)
  const { implementations, streams, duration, warmup, repeat, generator, out } = flags
  const defaults = flags.quick === true ? { ...SWEEP_DEFAULTS, ...QUICK_SWEEP } : SWEEP_DEFAULTS
  const settings: RunSettings = {
    sweep: {
      implementations: given(implementations, defaults.implementations, (value) =>
        wordListValue(
          'implementations',
          value,
          IMPLEMENTATIONS.map(({ name }) => name),
        ),
      ),
      scenarios: scenarios(flags),
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
    repeat: given(repeat, 1, (value) => integerValue('repeat', value, 1, MOST_ROUNDS)),
    generator: given(generator, 'auto', (value) =>
      wordValue('generator', value, GENERATOR_CHOICES),
    ),
    out: given(out, undefined, (value) => String(value)),
    json: flags.json === true,
  }
  checkClients(settings.sweep)
  return settings
}

/** Somebody has to serve so many clients at once. */
function checkClients({ implementations, scenarios }: SweepOptions): void {
  const most = implementations.map((name) => findImplementation(name)?.mostClients ?? 0)
  const fewest = Math.min(...scenarios.map(({ clients }) => clients))
  if (Math.max(...most) >= fewest) return
  throw new MeasureError(
    'USAGE',
    `--clients ${fewest} is more than ${implementations.join(', ')} can serve at once: at most ${Math.max(...most)}.`,
  )
}

function checkExperiment(name: string): void {
  if (name === SWEEP_NAME) return
  throw new MeasureError(
    'USAGE',
    `There is no experiment ${JSON.stringify(name)}: it must be ${SWEEP_NAME}.`,
  )
}

function given<Value>(flag: unknown, otherwise: Value, parse: (flag: unknown) => Value): Value {
  return flag === undefined ? otherwise : parse(flag)
}

/** The default scenarios, or the cross product of what is given. */
function scenarios({ clients, tls }: RunFlags): readonly Scenario[] {
  if (clients === undefined && tls === undefined) return SWEEP_DEFAULTS.scenarios
  const counts = given(clients, [1, 5], (value) =>
    integerListValue('clients', value, 1, MOST_CLIENTS),
  )
  const choice = given(tls, 'on', (value) => wordValue('tls', value, ['on', 'off', 'both']))
  const withTls = choice === 'both' ? [true, false] : [choice === 'on']
  return withTls.flatMap((one) => counts.map((count) => ({ clients: count, tls: one })))
}
