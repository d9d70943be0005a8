import { constants } from 'node:os'
import {
  POLL_ERROR,
  POLL_HANG_UP,
  POLL_IN,
  POLL_OUT,
  POLL_PEER_CLOSED,
  pendingError,
  SystemCallError,
} from '@h2lab/tls-context/native'
import { publishAction } from '../diagnostics'
import { type ActionContext, READ_ALLOWANCE, WRITE_ALLOWANCE } from './action-context'
import type { Client } from './client'
import { CAN_READ_PORT, CAN_WRITE_PORT } from './client-state'
import { type ActionName, nextStage, STAGE_COUNT, selectNextAction } from './select-next-action'
import { processDataOnSocket, sendUnencryptedBytes, writeDataToSocket } from './socket-actions'
import { encryptData, moveEncryptedBytes, sslHandshake, sslRead } from './tls-actions'

/**
 * How many clients pass through the stages together. Between two stages each may have up to 64 KiB of encrypted
 * octets, and OpenSSL's copy of them fits in a cache of 512 KiB.
 */
const LARGEST_GROUP = 16

/**
 * Adds the events reported by the poller to the client's state.
 *
 * @param reported a sum of `POLL_` constants
 * @throws SystemCallError if the client is lost
 */
export function processClientFd(client: Client, reported: number): void {
  // epoll and poll keep reporting input after its end was read.
  if ((reported & POLL_IN) !== 0 && !client.inputEnded) client.state |= CAN_READ_PORT
  if ((reported & POLL_OUT) !== 0) client.state |= CAN_WRITE_PORT
  if ((reported & (POLL_PEER_CLOSED | POLL_ERROR | POLL_HANG_UP)) === 0) return
  client.endReported = true
  if ((reported & (POLL_ERROR | POLL_HANG_UP)) !== 0) {
    // The next system call returns the actual error.
    if (client.inputEnded) throw brokenConnection(client)
    client.state |= CAN_READ_PORT | CAN_WRITE_PORT
  }
}

/**
 * Hot path. Runs actions until none of these clients has one left, or until a client has had its share of the turn.
 * The poller reports the rest in the next turn. Errors go to `context.fail`.
 *
 * The clients pass through the stages together. The code of the kernel, OpenSSL and this loop does not fit in the
 * processor's cache at once, so each part is used for all clients while it is cached. `npm run bench requests`
 * (server-async) shows what a request of one of a hundred clients costs.
 */
export function doAvailableActions(clients: readonly Client[], context: ActionContext): void {
  for (let from = 0; from < clients.length; from += LARGEST_GROUP) {
    doGroup(clients, from, Math.min(from + LARGEST_GROUP, clients.length), context)
  }
}

/** The clients from `from` up to `to`. */
function doGroup(
  clients: readonly Client[],
  from: number,
  to: number,
  context: ActionContext,
): void {
  for (let index = from; index < to; index++) {
    const client = clients[index] as Client
    client.readAllowance = READ_ALLOWANCE
    client.writeAllowance = WRITE_ALLOWANCE
  }
  let done: boolean
  do {
    done = true
    for (let stage = 0; stage < STAGE_COUNT; stage++) {
      for (let index = from; index < to; index++) {
        const client = clients[index] as Client
        if (nextStage(client.state) !== stage) continue
        done = false
        doStage(stage, client, context)
      }
    }
  } while (!done)
}

/** Runs the actions of one stage for one client. */
function doStage(stage: number, client: Client, context: ActionContext): void {
  try {
    do {
      const action = selectNextAction(client.state) as ActionName
      if (context.observed) publishAction(client, action)
      doAction(action, client, context)
    } while (nextStage(client.state) === stage)
  } catch (error) {
    context.fail(client, error as Error)
  }
}

/** Runs an action, which changes the client's state. V8 inlines direct calls, but not calls through a table. */
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
      encryptData(client, context)
      break
    case 'sendUnencryptedBytes':
      sendUnencryptedBytes(client, context)
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
