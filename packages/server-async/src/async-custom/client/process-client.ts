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
import { type ActionName, selectNextAction } from './select-next-action'
import { processDataOnSocket, sendUnencryptedBytes, writeDataToSocket } from './socket-actions'
import { encryptData, moveEncryptedBytes, sslHandshake, sslRead } from './tls-actions'

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
    if (action === undefined) return
    publishAction(client, action)
    doAction(action, client, context)
  }
}

/**
 * Hot path. Does one step for a client, which changes its state. A call that names its function is compiled into its
 * caller; one through a table isn't.
 */
function doAction(action: ActionName, client: Client, context: ActionContext): void {
  switch (action) {
    case 'writeDataToSocket':
      writeDataToSocket(client, context)
      break
    case 'sslHandshake':
      sslHandshake(client, context)
      break
    case 'sslRead':
      sslRead(client, context)
      break
    case 'encryptData':
      encryptData(client)
      break
    case 'sendUnencryptedBytes':
      sendUnencryptedBytes(client)
      break
    case 'moveEncryptedBytes':
      moveEncryptedBytes(client, context)
      break
    case 'processDataOnSocket':
      processDataOnSocket(client, context)
      break
  }
}

function brokenConnection({ descriptor }: Client): SystemCallError {
  const errno = pendingError(descriptor) || constants.errno.ECONNRESET
  return new SystemCallError(errno, 'recv', `descriptor ${descriptor}`)
}
