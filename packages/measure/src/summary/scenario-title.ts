import type { Scenario } from '../simulator/loaded-server'

/** Such as `5 clients, TLS` or `1 client, plain TCP`. */
export function scenarioTitle({ clients, tls }: Scenario): string {
  return `${clients} ${clients === 1 ? 'client' : 'clients'}, ${tls ? 'TLS' : 'plain TCP'}`
}
