import { CLIPS } from '../clips/clips'
import { SWEEP_NAME, SWEEP_TITLE } from '../experiments/sweep'
import { GENERATORS } from '../generators/generators'
import type { Availability } from '../generators/load-generator'
import { IMPLEMENTATIONS } from '../implementations/implementation'

interface Entry {
  readonly name: string
  readonly title: string
}

/** What `h2lab list --json` prints. */
export interface Listing {
  readonly implementations: readonly Entry[]
  readonly experiments: readonly Entry[]
  readonly clips: readonly (Entry & { readonly columns: Readonly<Record<string, string>> })[]
  readonly generators: readonly ({ readonly name: string } & Availability)[]
}

/** Finds out what there is and what this machine can use. */
export async function listing(): Promise<Listing> {
  return {
    implementations: IMPLEMENTATIONS.map(({ name, title }) => ({ name, title })),
    experiments: [{ name: SWEEP_NAME, title: SWEEP_TITLE }],
    clips: CLIPS.map(({ name, title, columns }) => ({ name, title, columns })),
    generators: await Promise.all(
      GENERATORS.map(async (one) => ({ name: one.name, ...(await one.availability()) })),
    ),
  }
}

/** Lays the listing out for people. */
export function listingText(listing: Listing): string {
  const generators = listing.generators.map((one) => ({
    name: one.name,
    title: one.state === 'available' ? `available: ${one.version}` : `unavailable: ${one.reason}`,
  }))
  return [
    section('Implementations', listing.implementations),
    section('Experiments', listing.experiments),
    section('Clips', listing.clips),
    section('Load generators', generators),
  ].join('\n')
}

function section(title: string, entries: readonly Entry[]): string {
  const width = Math.max(...entries.map(({ name }) => name.length))
  const lines = entries.map((entry) => `  ${entry.name.padEnd(width)}  ${entry.title}`)
  return `${title}\n${lines.join('\n')}\n`
}
