import { PEERS } from '../peers/peers'
import { IMPLEMENTATION_TARGETS } from './implementation-targets'
import type { Target } from './target'

/** Everything that h2lab can start: the implementations of this project, then common alternatives. */
export const TARGETS: readonly Target[] = [...IMPLEMENTATION_TARGETS, ...PEERS]

/** Returns the target of that name, or undefined. */
export function findTarget(name: string, among: readonly Target[] = TARGETS): Target | undefined {
  return among.find((target) => target.name === name)
}
