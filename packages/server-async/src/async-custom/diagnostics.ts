import { channel } from 'node:diagnostics_channel'
import type { Client } from './client/client'
import { stateNames } from './client/client-state'
import type { ActionName } from './client/select-next-action'

/*
 * Publishes what the loop does on channels of node:diagnostics_channel, in the loop's thread. Subscribers are looked
 * for once per turn.
 */

/** The message of `h2lab:async-custom:action`: an action is about to run. */
export interface ActionMessage {
  /** The client's address and port. */
  readonly peer: string
  readonly action: ActionName
  /** The names of the state bits that are set. */
  readonly state: readonly string[]
}

/** The message of `h2lab:async-custom:read` and `h2lab:async-custom:write`: a socket was read or written. */
export interface TransferMessage {
  /** The client's address and port. */
  readonly peer: string
  /** The number of octets. -1 for a read that found none, 0 for one that found the end. */
  readonly octets: number
}

const actions = channel('h2lab:async-custom:action')
const reads = channel('h2lab:async-custom:read')
const writes = channel('h2lab:async-custom:write')

/** Whether any channel has a subscriber. */
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
