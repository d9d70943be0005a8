import { createRequire } from 'node:module'
import { availableParallelism, cpus, release, totalmem, type } from 'node:os'
import * as v from 'valibot'

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
    repeat: count,
  }),
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
  }),
  /** Of Node.js, its libraries and the packages. */
  versions: v.record(v.string(), v.string()),
})

/** What is known of a run besides its trials. */
export type Manifest = v.InferOutput<typeof manifestSchema>

/** Describes this machine. */
export function thisMachine(): Manifest['machine'] {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cpus: availableParallelism(),
    memory: totalmem(),
    kernel: `${type()} ${release()}`,
    architecture: process.arch,
  }
}

const PACKAGES = [
  '@h2lab/measure',
  '@h2lab/mini-http2',
  '@h2lab/octets',
  '@h2lab/server-async',
  '@h2lab/server-sync',
  '@h2lab/server-uws',
  '@h2lab/tls-context',
]

/** Tells the versions of all that takes part in a trial. */
export function versionsInUse(): Manifest['versions'] {
  const require = createRequire(import.meta.url)
  const { node, v8, openssl, uv, nghttp2 } = process.versions
  const versions: Record<string, string | undefined> = { node, v8, openssl, uv, nghttp2 }
  for (const name of PACKAGES) {
    versions[name] = (require(`${name}/package.json`) as { version: string }).version
  }
  return Object.fromEntries(
    Object.entries(versions).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
}
