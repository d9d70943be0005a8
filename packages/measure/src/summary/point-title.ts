import { formatCount } from './numbers'
import type { Point } from './points'
import { scenarioTitle } from './scenario-title'
import { streamsTitle } from './streams-title'

/** Such as `5 clients, TLS, 10 streams`, followed by `at 5,000 requests per second` if a rate was offered. */
export function pointTitle({ scenario, streams, offeredRate }: Point): string {
  const title = `${scenarioTitle(scenario)}, ${streamsTitle(streams)}`
  return offeredRate === null ? title : `${title} at ${rateTitle(offeredRate)}`
}

function rateTitle(rate: number): string {
  return `${formatCount(rate)} ${rate === 1 ? 'request' : 'requests'} per second`
}
