import { type ChildProcess, fork } from 'node:child_process'
import type { ConnectionOptions } from 'node:tls'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll } from 'vitest'

/** What a client does. */
export interface Conversation {
  readonly port: number
  /** With TLS; plain without. */
  readonly tls?: ConnectionOptions
  /** Written once it is connected (with TLS: after the handshake), as Latin-1. */
  readonly write?: readonly string[]
  /** How many times all of that is written. Default: 1. */
  readonly times?: number
  /** Milliseconds between the writes. */
  readonly pause?: number
  /** Whether it reads what the server sends. Default: true. */
  readonly reads?: boolean
  /** Afterwards it waits for the server's end, ends itself, closes at once, or resets the connection. */
  readonly afterwards?: 'wait' | 'end' | 'destroy' | 'reset'
  /** A name for the session, which is resumed in later conversations. */
  readonly session?: string
}

/** What a client has seen. */
export interface Talked {
  /** As Latin-1. */
  readonly received: string
  /** Whether the server has ended the connection in order. */
  readonly ended: boolean
  readonly error?: string
  /** Whether a session was resumed. */
  readonly reused: boolean
}

/**
 * Clients in a process of their own, for the tests of a file: they go on while a server blocks this one.
 *
 * @returns begins a conversation at once and resolves when its connection is closed
 */
export function clients(): (conversation: Conversation) => Promise<Talked> {
  let program: ChildProcess
  const waiting = new Map<number, (talked: Talked) => void>()
  let id = 0

  beforeAll(async () => {
    program = fork(fileURLToPath(new URL('client-program.mjs', import.meta.url)))
    program.on('message', (message: { id: number; result: Talked }) => {
      waiting.get(message.id)?.(message.result)
      waiting.delete(message.id)
    })
    await new Promise((resolve) => program.once('spawn', resolve))
  })
  afterAll(async () => {
    const ended = new Promise((resolve) => program.once('exit', resolve))
    program.disconnect()
    await ended
  })

  return (conversation) => {
    id += 1
    program.send({ id, conversation })
    return new Promise((resolve) => waiting.set(id, resolve))
  }
}
