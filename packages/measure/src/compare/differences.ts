import type { Manifest } from '../storage/manifest'
import type { Results } from '../storage/results-folder'
import type { Trial } from '../trial/trial'

/** A difference that two runs should not have. */
export interface Difference {
  /** Such as `machine: cpu`. */
  readonly what: string
  readonly a: string
  readonly b: string
}

/** Lists differences that change the figures of the same server: the machine, the load generator, the method. */
export function differencesOf(a: Results, b: Results): Difference[] {
  return differing([...machine(a, b), ...generator(a, b), ...method(a, b)])
}

/** Lists the versions that differ. Often these are what is compared. */
export function versionDifferences(a: Manifest, b: Manifest): Difference[] {
  const names = [...new Set([...Object.keys(a.versions), ...Object.keys(b.versions)])]
  return differing(
    names.map((name) => ({
      what: name,
      a: a.versions[name] ?? 'none',
      b: b.versions[name] ?? 'none',
    })),
  )
}

function machine({ manifest: a }: Results, { manifest: b }: Results): Difference[] {
  const of = (what: string, text: (manifest: Manifest) => string) =>
    ({ what: `machine: ${what}`, a: text(a), b: text(b) }) satisfies Difference
  // Older files lack some values.
  const known = (what: (manifest: Manifest) => unknown) => what(a) !== null && what(b) !== null
  return [
    of('cpu', ({ machine }) => machine.cpu),
    of('number of CPUs', ({ machine }) => String(machine.cpus)),
    // A kernel update may use a few more pages.
    of('memory', ({ machine }) => `${Math.round(machine.memory / 2 ** 30)} GiB`),
    of('kernel', ({ machine }) => machine.kernel),
    of('architecture', ({ machine }) => machine.architecture),
    ...(known(({ machine }) => machine.used)
      ? [of('CPUs of generator and servers', ({ machine }) => cpusText(machine.used))]
      : []),
    ...(known(({ machine }) => machine.cpuSource)
      ? [of('source of CPU time', ({ machine }) => String(machine.cpuSource))]
      : []),
  ]
}

function generator({ manifest: a }: Results, { manifest: b }: Results): Difference[] {
  // The embedded generator is part of this package, whose version is compared elsewhere, and reports the version of
  // Node.js.
  const text = ({ generator: { name, version } }: Manifest) =>
    name === 'embedded' ? name : `${name} ${version}`
  return [{ what: 'generator', a: text(a), b: text(b) }]
}

function method(a: Results, b: Results): Difference[] {
  const of = (what: string, text: (results: Results) => string) =>
    ({ what: `method: ${what}`, a: text(a), b: text(b) }) satisfies Difference
  return [
    of('how servers are loaded', ({ trials }) => listed(trials, ({ method }) => method)),
    of('length of a turn', ({ manifest: { method } }) =>
      method.kind === 'turns' ? `${method.slice} s` : 'no turns',
    ),
    of('arrivals', ({ manifest }) => manifest.options.arrivals ?? 'closed loop'),
    of('duration', ({ manifest }) => `${manifest.options.duration} s`),
    of('warm-up', ({ manifest }) => `${manifest.options.warmup} s`),
    of('TLS', ({ manifest }) => manifest.tlsCiphers.join(', ') || 'none'),
  ]
}

function cpusText(used: Manifest['machine']['used']): string {
  return used === null ? 'unknown' : `${used.generator.join()} and ${used.servers.join()}`
}

function listed(trials: readonly Trial[], text: (trial: Trial) => string): string {
  return [...new Set(trials.map(text))].sort().join(' and ')
}

function differing(differences: readonly Difference[]): Difference[] {
  return differences.filter(({ a, b }) => a !== b)
}
