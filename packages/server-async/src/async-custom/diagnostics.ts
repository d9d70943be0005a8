import { channel } from 'node:diagnostics_channel'
import type { Client } from './client/client'
import { stateNames } from './client/client-state'
import type { ActionName } from './client/select-next-action'

/*
 * What the loop does, on channels of node:diagnostics_channel in the loop's thread. Whether there is a subscriber is
 * asked once a turn.
 */

/** An action was chosen, and runs now: `h2lab:async-custom:action`. */
export interface ActionMessage {
  /** The client's address and port. */
  readonly peer: string
  readonly action: ActionName
  /** What is possible, as names of bits. */
  readonly state: readonly string[]
}

/** A socket was read or written: `h2lab:async-custom:read`, `h2lab:async-custom:write`. */
export interface TransferMessage {
  /** The client's address and port. */
  readonly peer: string
  /** How many; -1 for a read that found none, 0 for one that found the end. */
  readonly octets: number
}

const actions = channel('h2lab:async-custom:action')
const reads = channel('h2lab:async-custom:read')
const writes = channel('h2lab:async-custom:write')

/** Whether anything is published. */
export function isObserved(): boolean {
  return actions.hasSubscribers || reads.hasSubscribers || writes.hasSubscribers
}

export function publishAction({ peer, state }: Client, action: ActionName): void {
  const message: ActionMessage = { peer, action, state: stateNames(state) }
  actions.publish(message)
}

export function publishRead({ peer }: Client, octets: number): void {
  const message: TransferMessage = { peer, octets }
  reads.publish(message)
}

export function publishWrite({ peer }: Client, octets: number): void {
  const message: TransferMessage = { peer, octets }
  writes.publish(message)
}
