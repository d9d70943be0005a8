import { CLIPS } from '../clips/clips'
import { EXPERIMENTS } from '../experiments/experiments'
import { GENERATORS } from '../generators/generators'
import type { Availability } from '../generators/load-generator'
import { HTTP_VERSION_NAMES } from '../load/http-version'
import { PEERS } from '../peers/peers'
import { IMPLEMENTATION_TARGETS } from '../targets/implementation-targets'
import type { Target } from '../targets/target'

interface Entry {
  readonly name: string
  readonly title: string
}

type TargetEntry = Entry & Pick<Target, 'httpVersion'> & Availability

/** What `h2lab list --json` prints. */
export interface Listing {
  readonly implementations: readonly TargetEntry[]
  readonly peers: readonly TargetEntry[]
  readonly experiments: readonly Entry[]
  readonly clips: readonly (Entry & { readonly columns: Readonly<Record<string, string>> })[]
  readonly generators: readonly ({ readonly name: string } & Availability)[]
}

/** Lists everything that exists, and what this machine can use. */
export async function listing(): Promise<Listing> {
  return {
    implementations: await Promise.all(IMPLEMENTATION_TARGETS.map(targetEntry)),
    peers: await Promise.all(PEERS.map(targetEntry)),
    experiments: EXPERIMENTS.map(({ name, title }) => ({ name, title })),
    clips: CLIPS.map(({ name, title, columns }) => ({ name, title, columns })),
    generators: await Promise.all(
      GENERATORS.map(async (one) => ({ name: one.name, ...(await one.availability()) })),
    ),
  }
}

async function targetEntry(target: Target): Promise<TargetEntry> {
  const { name, title, httpVersion } = target
  return { name, title, httpVersion, ...(await target.availability()) }
}

/** Formats the listing as text. */
export function listingText(listing: Listing): string {
  const generators = listing.generators.map((one) => ({
    name: one.name,
    title: availabilityText(one),
  }))
  return [
    section('Implementations', listing.implementations.map(withAvailability)),
    section('Peers: common alternatives', listing.peers.map(withAvailability)),
    section('Experiments', listing.experiments),
    section('Clips', listing.clips),
    section('Load generators', generators),
  ].join('\n')
}

/** Names the protocol if it is not HTTP/2. */
function withAvailability(entry: TargetEntry): Entry {
  const { name, title, httpVersion } = entry
  const protocol = httpVersion === 'h2' ? '' : `${HTTP_VERSION_NAMES[httpVersion]}; `
  return { name, title: `${protocol}${title}; ${availabilityText(entry)}` }
}

function availabilityText(availability: Availability): string {
  return availability.state === 'available'
    ? `available: ${availability.version}`
    : `unavailable: ${availability.reason}`
}

function section(title: string, entries: readonly Entry[]): string {
  const width = Math.max(...entries.map(({ name }) => name.length))
  const lines = entries.map((entry) => `  ${entry.name.padEnd(width)}  ${entry.title}`)
  return `${title}\n${lines.join('\n')}\n`
}
