import * as v from 'valibot'
import { describeIssue } from '../describe-issue'
import { MeasureError } from '../errors'
import { LoadEngine } from './engine'
import { type FromLoadWorker, type ToLoadWorker, toLoadWorkerSchema } from './protocol'

/** How a worker sends messages to its leader. */
export interface WorkerPort {
  send(message: FromLoadWorker): void
}

/** A worker as seen by its process. */
export interface ServedWorker {
  /** Processes a message of the leader, in any form. */
  receive(message: unknown): void
  /** Closes all connections. */
  close(): void
}

interface Session {
  readonly engine: LoadEngine
  /** Ends the current part. */
  stop: AbortController
}

/**
 * Executes the leader's messages: connects, runs parts of a load, and reports the results.
 *
 * @param version of this package, reported first
 */
export function serveWorker(port: WorkerPort, version: string): ServedWorker {
  const sessions = new Map<number, Session>()

  async function act(message: ToLoadWorker): Promise<void> {
    switch (message.type) {
      case 'connect': {
        const engine = await LoadEngine.connect(message.plan)
        sessions.set(message.id, { engine, stop: new AbortController() })
        port.send({ type: 'connected', id: message.id, tlsCipher: engine.tlsCipher })
        break
      }
      case 'run':
        await run(message)
        break
      case 'stop':
        sessionOf(message.id).stop.abort()
        break
      case 'close':
        sessions.get(message.id)?.engine.close()
        sessions.delete(message.id)
        break
      case 'ping':
        port.send({ type: 'pong' })
    }
  }

  async function run(message: Extract<ToLoadWorker, { type: 'run' }>): Promise<void> {
    const { id, part, progressEvery, delay } = message
    const session = sessionOf(id)
    session.stop = new AbortController()
    const tally = await session.engine.run(part, {
      delay,
      signal: session.stop.signal,
      ...(progressEvery === null
        ? {}
        : {
            progressEvery,
            onProgress: (since) => port.send({ type: 'progress', id, tally: since }),
          }),
    })
    port.send({ type: 'ended', id, tally })
  }

  function sessionOf(id: number): Session {
    const session = sessions.get(id)
    if (session === undefined) throw new MeasureError('USAGE', `There is no session ${id}.`)
    return session
  }

  port.send({ type: 'hello', version, node: process.versions.node })
  return {
    receive(value) {
      const parsed = v.safeParse(toLoadWorkerSchema, value)
      if (!parsed.success) {
        const message = `Invalid message: ${describeIssue(parsed.issues[0])}`
        port.send({ type: 'failed', id: null, code: 'USAGE', message })
        return
      }
      const message = parsed.output
      act(message).catch((error: unknown) => {
        port.send({
          type: 'failed',
          id: 'id' in message ? message.id : null,
          code: codeOf(error),
          message: error instanceof Error ? error.message : String(error),
        })
      })
    },
    close() {
      for (const { engine } of sessions.values()) engine.close()
      sessions.clear()
    },
  }
}

/** The code of an error for the leader. */
export function codeOf(error: unknown): Extract<FromLoadWorker, { type: 'failed' }>['code'] {
  if (!(error instanceof MeasureError)) return 'GENERATOR_FAILED'
  return error.code === 'TIMED_OUT' || error.code === 'USAGE' ? error.code : 'GENERATOR_FAILED'
}
