import { MeasureError } from '../errors'
import type { LoadSession, LoadWorker, RunPartOptions } from './load-worker'
import { mergeTallies } from './merge-tallies'
import type { LoadPart, LoadPlan } from './plan'
import type { FromLoadWorker, ToLoadWorker } from './protocol'
import type { Tally } from './tally'

/** How a leader sends messages to a worker. */
export interface LeaderPort {
  send(message: ToLoadWorker): void
  /** Ends the worker. Never fails. */
  end(): Promise<void>
}

/**
 * How long a worker may take to connect, in milliseconds. Longer than it waits for the server in all steps together.
 */
const CONNECT_TIME = 60_000

interface Pending {
  resolve(message: FromLoadWorker): void
  reject(error: Error): void
  onProgress?: RunPartOptions['onProgress']
}

/** A worker as seen by its leader, local or remote. */
export class LedWorker implements LoadWorker {
  readonly name: string
  readonly #port: LeaderPort
  /** The pending request of each session. There is one at a time. */
  readonly #pending = new Map<number, Pending>()
  #pings: Pending[] = []
  #nextId = 0
  #lost: Error | undefined

  constructor(name: string, port: LeaderPort) {
    this.name = name
    this.#port = port
  }

  async connect(plan: LoadPlan): Promise<LoadSession> {
    const id = this.#nextId++
    const patience = setTimeout(() => {
      const message = `The load worker ${this.name} did not connect within ${CONNECT_TIME / 1000} s.`
      this.lose(new MeasureError('TIMED_OUT', message))
    }, CONNECT_TIME)
    const connecting = this.#ask(id, { type: 'connect', id, plan })
    const message = await connecting.finally(() => clearTimeout(patience))
    if (message.type !== 'connected') throw this.#unexpected(message)
    return {
      tlsCipher: message.tlsCipher,
      run: (part, options) => this.#run(id, part, options),
      close: async () => {
        if (this.#lost === undefined) this.#port.send({ type: 'close', id })
      },
    }
  }

  /** Returns the round-trip time, in seconds. @throws MeasureError `GENERATOR_FAILED` */
  async ping(): Promise<number> {
    const sentAt = performance.now()
    await new Promise<FromLoadWorker>((resolve, reject) => {
      if (this.#lost !== undefined) reject(this.#lost)
      else {
        this.#pings.push({ resolve, reject })
        this.#port.send({ type: 'ping' })
      }
    })
    return (performance.now() - sentAt) / 1000
  }

  async end(): Promise<void> {
    this.lose(new MeasureError('GENERATOR_FAILED', `The load worker ${this.name} was ended.`))
    await this.#port.end()
  }

  /** Processes a message of the worker. */
  receive(message: FromLoadWorker): void {
    switch (message.type) {
      case 'hello':
        break
      case 'pong':
        this.#pings.shift()?.resolve(message)
        break
      case 'progress':
        this.#pending.get(message.id)?.onProgress?.(message.tally)
        break
      case 'connected':
      case 'ended':
        this.#settle(message.id)?.resolve(message)
        break
      case 'failed': {
        const error = new MeasureError(
          message.code,
          `The load worker ${this.name}: ${message.message}`,
        )
        if (message.id === null) this.lose(error)
        else this.#settle(message.id)?.reject(error)
      }
    }
  }

  /** The worker is gone, so all pending requests fail. */
  lose(reason: Error): void {
    this.#lost ??= reason
    const all = [...this.#pending.values(), ...this.#pings]
    this.#pending.clear()
    this.#pings = []
    for (const { reject } of all) reject(this.#lost)
  }

  async #run(id: number, part: LoadPart, options: RunPartOptions = {}): Promise<Tally> {
    const { signal, onProgress, progressEvery = 1, delay = 0 } = options
    // The worker reports only new results. They are added up here.
    let before: Tally | undefined
    const withBefore = (tally: Tally) =>
      before === undefined ? tally : mergeTallies([before, tally], 'after')
    const stop = () => {
      if (this.#lost === undefined) this.#port.send({ type: 'stop', id })
    }
    const ended = this.#ask(
      id,
      {
        type: 'run',
        id,
        part,
        progressEvery: onProgress === undefined ? null : progressEvery,
        delay,
      },
      (since) => {
        before = withBefore(since)
        onProgress?.(since)
      },
    )
    signal?.addEventListener('abort', stop)
    if (signal?.aborted) stop()
    try {
      const message = await ended
      if (message.type !== 'ended') throw this.#unexpected(message)
      return withBefore(message.tally)
    } finally {
      signal?.removeEventListener('abort', stop)
    }
  }

  #ask(
    id: number,
    message: ToLoadWorker,
    onProgress?: RunPartOptions['onProgress'],
  ): Promise<FromLoadWorker> {
    return new Promise((resolve, reject) => {
      if (this.#lost !== undefined) {
        reject(this.#lost)
        return
      }
      if (this.#pending.has(id)) {
        reject(new Error('Another part of the load is already running.'))
        return
      }
      this.#pending.set(id, { resolve, reject, onProgress })
      this.#port.send(message)
    })
  }

  #settle(id: number): Pending | undefined {
    const pending = this.#pending.get(id)
    this.#pending.delete(id)
    return pending
  }

  #unexpected({ type }: FromLoadWorker): MeasureError {
    return new MeasureError(
      'GENERATOR_FAILED',
      `The load worker ${this.name} said "${type}" where something else was due.`,
    )
  }
}
