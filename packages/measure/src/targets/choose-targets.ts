import { MeasureError } from '../errors'
import type { HttpVersion } from '../load/http-version'
import { PEERS } from '../peers/peers'
import { IMPLEMENTATION_TARGETS } from './implementation-targets'
import { negotiateHttpVersion } from './negotiate-http-version'
import { remoteTarget } from './remote-target'
import type { Target } from './target'

/** Some of a list: those named, each of which has to be there, or all that are. */
export type Choice = 'available' | readonly string[]

/** What is to be measured. */
export interface TargetChoice {
  readonly implementations: Choice
  readonly peers: Choice
  /** A server that somebody else runs. */
  readonly remote: RemoteChoice | undefined
}

export interface RemoteChoice {
  readonly url: string
  /** Undefined: the server says. */
  readonly httpVersion: HttpVersion | undefined
}

/** A target that can be measured here. */
export interface ChosenTarget {
  readonly target: Target
  readonly version: string
}

/** A target that would have been measured if it were there. */
export interface MissingTarget {
  readonly name: string
  readonly reason: string
}

export interface ChosenTargets {
  /** In the order in which they are measured. */
  readonly chosen: readonly ChosenTarget[]
  readonly missing: readonly MissingTarget[]
}

/**
 * Finds out which of the targets that are asked for are there.
 *
 * @throws MeasureError `TARGET_UNAVAILABLE` if one is not that was asked for by its name;
 *   `SERVER_FAILED` if the server that somebody else runs is not reached
 */
export async function chooseTargets(choice: TargetChoice): Promise<ChosenTargets> {
  const parts = await Promise.all([
    some(IMPLEMENTATION_TARGETS, choice.implementations),
    some(PEERS, choice.peers),
    remote(choice.remote),
  ])
  return {
    chosen: parts.flatMap(({ chosen }) => chosen),
    missing: parts.flatMap(({ missing }) => missing),
  }
}

async function some(targets: readonly Target[], choice: Choice): Promise<ChosenTargets> {
  const named = choice === 'available' ? undefined : choice
  const wanted = targets.filter(({ name }) => named?.includes(name) ?? true)
  const chosen: ChosenTarget[] = []
  const missing: MissingTarget[] = []
  for (const target of wanted) {
    const availability = await target.availability()
    if (availability.state === 'available') chosen.push({ target, version: availability.version })
    else missing.push({ name: target.name, reason: availability.reason })
  }
  if (named !== undefined) refuseMissing(missing)
  return { chosen: named === undefined ? chosen : inOrder(chosen, named), missing }
}

function refuseMissing([missing]: readonly MissingTarget[]): void {
  if (missing === undefined) return
  throw new MeasureError(
    'TARGET_UNAVAILABLE',
    `${missing.name} can't be measured here: ${missing.reason}.`,
  )
}

function inOrder(chosen: readonly ChosenTarget[], names: readonly string[]): ChosenTarget[] {
  const place = ({ target }: ChosenTarget) => names.indexOf(target.name)
  return [...chosen].sort((one, other) => place(one) - place(other))
}

async function remote(choice: RemoteChoice | undefined): Promise<ChosenTargets> {
  if (choice === undefined) return { chosen: [], missing: [] }
  const httpVersion = choice.httpVersion ?? (await negotiateHttpVersion(choice.url))
  const target = remoteTarget(choice.url, httpVersion)
  return { chosen: [{ target, version: 'unknown' }], missing: [] }
}
