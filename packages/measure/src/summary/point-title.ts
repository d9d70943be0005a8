import { formatCount } from './numbers'
import type { Point } from './points'
import { scenarioTitle } from './scenario-title'
import { streamsTitle } from './streams-title'

/** As `5 clients, TLS, 10 streams`, and behind it `at 5,000 requests a second`, where a rate was offered. */
export function pointTitle({ scenario, streams, offeredRate }: Point): string {
  const title = `${scenarioTitle(scenario)}, ${streamsTitle(streams)}`
  return offeredRate === null ? title : `${title} at ${rateTitle(offeredRate)}`
}

function rateTitle(rate: number): string {
  return `${formatCount(rate)} ${rate === 1 ? 'request' : 'requests'} a second`
}
