import { MeasureError } from '../errors'
import type { HttpVersion } from '../load/http-version'
import { PEERS } from '../peers/peers'
import { IMPLEMENTATION_TARGETS } from './implementation-targets'
import { negotiateHttpVersion } from './negotiate-http-version'
import { remoteTarget } from './remote-target'
import type { Target } from './target'

/** A choice from a list: those named, which must all be available, or all that are. */
export type Choice = 'available' | readonly string[]

/** What to measure. */
export interface TargetChoice {
  readonly implementations: Choice
  readonly peers: Choice
  /** A remote server. */
  readonly remote: RemoteChoice | undefined
}

export interface RemoteChoice {
  readonly url: string
  /** If undefined, negotiated with the server. */
  readonly httpVersion: HttpVersion | undefined
}

/** A target that can be measured here. */
export interface ChosenTarget {
  readonly target: Target
  readonly version: string
}

/** A target that is not available. */
export interface MissingTarget {
  readonly name: string
  readonly reason: string
}

export interface ChosenTargets {
  /** In the order of measurement. */
  readonly chosen: readonly ChosenTarget[]
  readonly missing: readonly MissingTarget[]
}

/**
 * Finds out which of the requested targets are available.
 *
 * @throws MeasureError `TARGET_UNAVAILABLE` if one requested by name is not; `SERVER_FAILED` if the remote server
 *   can't be reached
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
