import type { Cell } from './cells'

/** Whether a closed loop had fewer requests in flight than asked for: in an open loop that is as it should be. */
export function inFlightFewer({ mostInFlight, streams, offeredRate }: Cell): boolean {
  return offeredRate === null && mostInFlight !== null && mostInFlight < streams
}
