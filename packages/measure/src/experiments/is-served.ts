import type { Scenario } from '../simulator/load-world'
import type { Target } from '../targets/target'

/** Whether a target can be measured in a scenario: it serves so many clients, and in that way. */
export function isServed({ clients, tls }: Scenario, { mostClients, transport }: Target): boolean {
  return clients <= mostClients && (transport === undefined || tls === (transport === 'tls'))
}
