import { availableParallelism, cpus, release, totalmem, type } from 'node:os'
import * as v from 'valibot'
import { allowedCpus, type Pinning } from '../machine/cpus'
import { currentFrequency } from '../machine/frequency'
import { cpuSource } from '../machine/tree-cpu'
import { count, measure } from '../recorded-numbers'

/*
 * manifest.json: everything about a run except its trials.
 */

export const manifestSchema = v.object({
  experiment: v.object({ name: v.string(), title: v.string() }),
  /** ISO 8601. */
  startedAt: v.string(),
  /** A killed run also leaves `running`. */
  state: v.variant('kind', [
    v.object({ kind: v.literal('running') }),
    v.object({ kind: v.literal('completed'), endedAt: v.string() }),
    v.object({ kind: v.literal('interrupted'), endedAt: v.string() }),
  ]),
  /** The planned number of trials. */
  trials: count,
  options: v.object({
    /** The names of all targets. */
    implementations: v.array(v.string()),
    scenarios: v.array(v.object({ clients: count, tls: v.boolean() })),
    streams: v.array(count),
    /** Seconds. */
    duration: measure,
    /** Seconds. */
    warmup: measure,
    /** The offered requests per second of all connections together; null in a closed loop. */
    rates: v.optional(v.nullable(v.array(measure)), null),
    /** The arrivals of an open loop: at a constant rate, or random; null in a closed loop. */
    arrivals: v.optional(v.nullable(v.picklist(['constant', 'poisson'])), null),
    /** Repetitions of each point. With a budget, the largest number. */
    repeat: count,
  }),
  /** Whether the servers of a point took turns, or trials ran whole, one after another. */
  method: v.optional(
    v.variant('kind', [
      v.object({
        kind: v.literal('turns'),
        /** The seed for the order of the turns. */
        seed: v.pipe(v.number(), v.finite()),
        /** The length of a turn, in seconds. */
        slice: measure,
      }),
      v.object({ kind: v.literal('whole') }),
    ]),
    { kind: 'whole' },
  ),
  /** The requested number of repetitions, or the budget. Null in old files: see `options`. */
  repetitions: v.optional(
    v.nullable(
      v.variant('kind', [
        v.object({ kind: v.literal('fixed'), times: count }),
        v.object({
          kind: v.literal('budget'),
          minutes: measure,
          /** The requested width of intervals, as a fraction: 0.05 is 5 %. Null if none was requested. */
          precision: v.nullable(measure),
        }),
      ]),
    ),
    null,
  ),
  /**
   * The results of the probe that the rates were chosen by: the most requests per second in a short closed loop. Null
   * if the rates were given.
   */
  probe: v.optional(
    v.nullable(
      v.array(
        v.object({
          implementation: v.string(),
          clients: count,
          tls: v.boolean(),
          streams: count,
          requestsPerSecond: measure,
        }),
      ),
    ),
    null,
  ),
  /** Whether it was only a first look. */
  quick: v.optional(v.boolean(), false),
  /** The servers of others. */
  others: v.optional(
    v.array(
      v.object({
        name: v.string(),
        kind: v.picklist(['peer', 'remote']),
        version: v.string(),
      }),
    ),
    [],
  ),
  generator: v.object({ name: v.string(), version: v.string() }),
  /** The ciphers of the trials' connections, known when the run has ended. */
  tlsCiphers: v.array(v.string()),
  machine: v.object({
    cpu: v.string(),
    /** How many logical CPUs this process may use. */
    cpus: count,
    /** In octets. */
    memory: count,
    kernel: v.string(),
    architecture: v.string(),
    /** The source of the servers' CPU time; null in old files. */
    cpuSource: v.optional(v.nullable(v.picklist(['schedstat', 'usage'])), null),
    /** The CPUs that were used: all that the process may use, or those assigned by `--pin`. Null if unknown. */
    used: v.optional(
      v.nullable(v.object({ generator: v.array(count), servers: v.array(count) })),
      null,
    ),
    /** The lowest and highest clock frequency of these CPUs during the run, in MHz; null if unknown. */
    frequency: v.optional(v.nullable(v.object({ lowest: measure, highest: measure })), null),
  }),
  /** The versions of Node.js, its libraries and the packages. */
  versions: v.record(v.string(), v.string()),
})

/** Everything about a run except its trials. */
export type Manifest = v.InferOutput<typeof manifestSchema>

/**
 * Describes this machine.
 *
 * @param pinning the CPUs that the generator and the servers run on; undefined: all
 */
export function thisMachine(pinning?: Pinning): Manifest['machine'] {
  const allowed = allowedCpus()
  const all = allowed && { generator: allowed, servers: allowed }
  const used = pinning ?? all
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cpus: availableParallelism(),
    memory: totalmem(),
    kernel: `${type()} ${release()}`,
    architecture: process.arch,
    cpuSource: cpuSource(),
    used:
      used === undefined ? null : { generator: [...used.generator], servers: [...used.servers] },
    frequency: currentFrequency() ?? null,
  }
}
