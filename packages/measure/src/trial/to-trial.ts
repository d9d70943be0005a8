import type { TrialOutcome } from '../experiment/run-experiment'
import type { HttpVersion } from '../load/http-version'
import type { LoadVariables } from '../simulator/load-world'
import { parseTrial, type Trial } from './trial'

/**
 * Converts the outcome of a trial to a line of trials.jsonl.
 *
 * @param generator the name of the load generator
 * @param httpVersion the protocol of the server
 * @param method whether servers took turns
 */
export function toTrial(
  outcome: TrialOutcome<LoadVariables>,
  generator: string,
  httpVersion: HttpVersion = 'h2',
  method: Trial['method'] = 'whole',
): Trial {
  const { implementation, scenario, streams, rate } = outcome.variables
  return parseTrial({
    outcome: outcome.outcome,
    trial: outcome.trial,
    round: outcome.round,
    implementation,
    clients: scenario.clients,
    streams,
    tls: scenario.tls,
    httpVersion,
    generator,
    method,
    offeredRate: rate ?? null,
    startedAt: outcome.startedAt.toISOString(),
    repeatedAfter: outcome.repeatedAfter?.message ?? null,
    ...(outcome.outcome === 'completed' ? outcome.columns : { error: outcome.error.message }),
  })
}
