import type { TrialOutcome } from '../experiment/run-experiment'
import type { HttpVersion } from '../load/http-version'
import type { LoadVariables } from '../simulator/load-world'
import { parseTrial, type Trial } from './trial'

/**
 * Makes the line of trials.jsonl out of what came of a trial.
 *
 * @param generator the load generator's name
 * @param httpVersion what the server spoke
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
