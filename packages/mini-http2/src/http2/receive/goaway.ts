import type { OctetVector } from '@h2lab/octets'
import { checkGoawayFrame } from '../../frame/goaway'
import type { ConnectionCore } from '../connection-core'

/**
 * GOAWAY, RFC 9113 section 6.8: the client ends the connection. Its streams are finished, whatever
 * its error code, and no later ones are served.
 */
export function receiveGoaway(core: ConnectionCore, octets: OctetVector, offset: number): void {
  const fault = checkGoawayFrame(octets, offset)
  if (fault !== undefined) core.failBy(fault)
  else if (core.lastStreamId === Number.POSITIVE_INFINITY) core.sendFinalGoaway()
  else core.countIdleFrame()
}
