import { constants } from 'node:os'
import {
  POLL_ERROR,
  POLL_HANG_UP,
  POLL_IN,
  POLL_OUT,
  pendingError,
  SystemCallError,
} from '@h2lab/tls-context/native'
import { publishAction } from '../diagnostics'
import { type ActionContext, READ_ALLOWANCE, WRITE_ALLOWANCE } from './action-context'
import type { Client } from './client'
import { CAN_READ_PORT, CAN_WRITE_PORT } from './client-state'
import { ACTION_RULES, type ActionName, NO_ACTION, selectNextAction } from './select-next-action'
import { processDataOnSocket, sendUnencryptedBytes, writeDataToSocket } from './socket-actions'
import { encryptData, moveEncryptedBytes, sslHandshake, sslRead } from './tls-actions'

/** An action: it does one step for a client and changes its state. */
type Action = (client: Client, context: ActionContext) => void

const FUNCTIONS: Readonly<Record<ActionName, Action>> = {
  processDataOnSocket,
  sslHandshake,
  sslRead,
  sendUnencryptedBytes,
  encryptData,
  moveEncryptedBytes,
  writeDataToSocket,
}

/** In the order of their rules. */
const ACTIONS: readonly Action[] = ACTION_RULES.map(({ action }) => FUNCTIONS[action])

/**
 * Hot path. Adds what the poller has reported to what is possible for a client, and does it.
 *
 * @param reported a sum of `POLL_` constants
 * @throws SystemCallError, TlsConnectionError: the client is lost
 */
export function processClientFd(client: Client, reported: number, context: ActionContext): void {
  if ((reported & POLL_IN) !== 0) client.state |= CAN_READ_PORT
  if ((reported & POLL_OUT) !== 0) client.state |= CAN_WRITE_PORT
  if ((reported & (POLL_ERROR | POLL_HANG_UP)) !== 0) {
    // It is reported again and again until the socket is closed. A call tells what it is.
    if (client.inputEnded) throw brokenConnection(client)
    client.state |= CAN_READ_PORT | CAN_WRITE_PORT
  }
  doAvailableActions(client, context)
}

/**
 * Hot path. Runs actions until none is possible, or until the client has had its share of the turn: the
 * poller reports the rest in the next one.
 *
 * @throws SystemCallError, TlsConnectionError: the client is lost
 */
export function doAvailableActions(client: Client, context: ActionContext): void {
  client.readAllowance = READ_ALLOWANCE
  client.writeAllowance = WRITE_ALLOWANCE
  for (;;) {
    const action = selectNextAction(client.state)
    if (action === NO_ACTION) return
    publishAction(client, action)
    ;(ACTIONS[action] as Action)(client, context)
  }
}

function brokenConnection({ descriptor }: Client): SystemCallError {
  const errno = pendingError(descriptor) || constants.errno.ECONNRESET
  return new SystemCallError(errno, 'recv', `descriptor ${descriptor}`)
}
