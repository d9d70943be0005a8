import { availableParallelism, cpus, release, totalmem, type } from 'node:os'
import * as v from 'valibot'
import { allowedCpus, type Pinning } from '../machine/cpus'
import { currentFrequency } from '../machine/frequency'
import { cpuSource } from '../machine/tree-cpu'

/*
 * manifest.json: all that has to be known of a run besides its trials.
 */

const positive = v.pipe(v.number(), v.minValue(0))
const count = v.pipe(v.number(), v.integer(), v.minValue(0))

export const manifestSchema = v.object({
  experiment: v.object({ name: v.string(), title: v.string() }),
  /** ISO 8601. */
  startedAt: v.string(),
  /** `running` is also what a run leaves behind that was killed. */
  state: v.variant('kind', [
    v.object({ kind: v.literal('running') }),
    v.object({ kind: v.literal('completed'), endedAt: v.string() }),
    v.object({ kind: v.literal('interrupted'), endedAt: v.string() }),
  ]),
  /** How many trials the run was to have. */
  trials: count,
  options: v.object({
    /** The names of all that is measured. */
    implementations: v.array(v.string()),
    scenarios: v.array(v.object({ clients: count, tls: v.boolean() })),
    streams: v.array(count),
    /** Seconds. */
    duration: positive,
    /** Seconds. */
    warmup: positive,
    /** Requests a second that were offered, of all connections together; null in a closed loop. */
    rates: v.optional(v.nullable(v.array(positive)), null),
    /** How the requests of an open loop came: at a steady pace, or at random; null in a closed loop. */
    arrivals: v.optional(v.nullable(v.picklist(['constant', 'poisson'])), null),
    /** Repetitions of each point; with a budget, of the one that had most. */
    repeat: count,
  }),
  /** Whether the servers of a point took turns, or trials ran whole, one after the other. */
  method: v.optional(
    v.variant('kind', [
      v.object({
        kind: v.literal('turns'),
        /** Of the order of the turns. */
        seed: v.number(),
        /** How long a turn was, in seconds. */
        slice: positive,
      }),
      v.object({ kind: v.literal('whole') }),
    ]),
    { kind: 'whole' },
  ),
  /** How many repetitions were asked for, or how long the run was to go on. Null in old files: see `options`. */
  repetitions: v.optional(
    v.nullable(
      v.variant('kind', [
        v.object({ kind: v.literal('fixed'), times: count }),
        v.object({
          kind: v.literal('budget'),
          minutes: positive,
          /** The width of intervals that is enough, as a part: 0.05 is 5 %; null: none is. */
          precision: v.nullable(positive),
        }),
      ]),
    ),
    null,
  ),
  /** What the rates were chosen by: the most requests a second in a short closed loop. Null: they were given. */
  probe: v.optional(
    v.nullable(
      v.array(
        v.object({
          implementation: v.string(),
          clients: count,
          tls: v.boolean(),
          streams: count,
          requestsPerSecond: positive,
        }),
      ),
    ),
    null,
  ),
  /** Whether it was a first look only. */
  quick: v.optional(v.boolean(), false),
  /** The servers that are not ours. */
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
  /** Those that the trials' connections had; they are known once the run has ended. */
  tlsCiphers: v.array(v.string()),
  machine: v.object({
    cpu: v.string(),
    /** How many logical CPUs this process may use. */
    cpus: count,
    /** Octets. */
    memory: count,
    kernel: v.string(),
    architecture: v.string(),
    /** Where the servers' CPU time comes from; null in old files. */
    cpuSource: v.optional(v.nullable(v.picklist(['schedstat', 'usage'])), null),
    /** Which CPUs were used: all that the process may use, or by `--pin` some for each. Null: unknown. */
    used: v.optional(
      v.nullable(v.object({ generator: v.array(count), servers: v.array(count) })),
      null,
    ),
    /** The lowest and the highest clock of these CPUs during the run, in MHz; null: unknown. */
    frequency: v.optional(v.nullable(v.object({ lowest: positive, highest: positive })), null),
  }),
  /** Of Node.js, its libraries and the packages. */
  versions: v.record(v.string(), v.string()),
})

/** What is known of a run besides its trials. */
export type Manifest = v.InferOutput<typeof manifestSchema>

/**
 * Describes this machine.
 *
 * @param pinning which CPUs generator and servers keep to; undefined: all that there are
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
