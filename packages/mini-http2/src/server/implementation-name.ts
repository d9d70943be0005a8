import type { DispatchMethod } from './dispatch-method'

/** Names an implementation: `async/mini`, or `node-http2` for one with its own protocol. */
export function implementationName(
  method: Pick<DispatchMethod, 'name'>,
  protocol?: string,
): string {
  return protocol === undefined ? method.name : `${method.name}/${protocol}`
}

/** Names an implementation and whether it has TLS, as `async/mini with TLS`. */
export function combinationName(implementation: string, tls: boolean): string {
  return `${implementation} ${tls ? 'with TLS' : 'without TLS'}`
}
