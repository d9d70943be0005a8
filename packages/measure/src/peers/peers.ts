import type { Target } from '../targets/target'
import { EXTERNAL_PEERS } from './external/external-peers'
import { NODE_PEERS } from './node/node-peers'

/** The common alternatives to the implementations of this project. */
export const PEERS: readonly Target[] = [...EXTERNAL_PEERS, ...NODE_PEERS]
