import { ConnectionMemory, ServerMemory } from '../../src/http2/limits/memory'

/** The memory of a connection that may hold anything. */
export function unboundedMemory(): ConnectionMemory {
  return new ConnectionMemory(new ServerMemory(Number.POSITIVE_INFINITY), Number.POSITIVE_INFINITY)
}
