import type { Scenario } from '../simulator/load-world'
import type { Target } from '../targets/target'

/** Whether a target supports a scenario: its number of clients and its transport. */
export function isServed({ clients, tls }: Scenario, { mostClients, transport }: Target): boolean {
  return clients <= mostClients && (transport === undefined || tls === (transport === 'tls'))
}
