import type { DispatchMethod } from './dispatch-method'

/**
 * Returns the name of an implementation: `async/mini`, or `node-http2` for one with its own
 * protocol.
 */
export function implementationName(
  method: Pick<DispatchMethod, 'name'>,
  protocol?: string,
): string {
  return protocol === undefined ? method.name : `${method.name}/${protocol}`
}

/** Returns the name of an implementation with or without TLS, such as `async/mini with TLS`. */
export function combinationName(implementation: string, tls: boolean): string {
  return `${implementation} ${tls ? 'with TLS' : 'without TLS'}`
}
