import type { Target } from '../targets/target'
import { EXTERNAL_PEERS } from './external/external-peers'
import { NODE_PEERS } from './node/node-peers'

/** What people would take instead of our implementations. */
export const PEERS: readonly Target[] = [...EXTERNAL_PEERS, ...NODE_PEERS]
