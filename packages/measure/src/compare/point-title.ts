import { scenarioTitle } from '../summary/scenario-title'
import { streamsTitle } from '../summary/streams-title'
import type { PointName } from './compare-trials'

/** As `async/http2, 5 clients, TLS, 100 streams`. */
export function pointTitle({ subject, scenario, streams, offeredRate }: PointName): string {
  return [
    ...(subject === null ? [] : [subject]),
    scenarioTitle(scenario),
    streamsTitle(streams),
    ...(offeredRate === null ? [] : [`${offeredRate} requests/s offered`]),
  ].join(', ')
}
