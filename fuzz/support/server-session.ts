import { concatenate, type OctetVector } from '@h2lab/octets'
import type { Handler, ServerResponse } from '../../packages/mini-http2/src'
import { errorCodeName } from '../../packages/mini-http2/src/frame/error-code'
import type { Frame } from '../../packages/mini-http2/src/frame/read-frame'
import type { ConnectionLimits } from '../../packages/mini-http2/src/limits'
import {
  Http2Connection,
  type Http2Options,
  toHttp2Options,
} from '../../packages/mini-http2/src/protocol'
import { checkHeaderBlocks, outputFrames } from './frames'
import { check } from './invariant'
import type { Step } from './steps'

/** More than an input can make a connection hold beyond `maxConnectionMemory`, in octets: output, and one list. */
const MOST_BESIDE = 4 * 2 ** 20

/** A server's connection, whose promises are checked at each step. */
export class ServerSession {
  readonly options: Http2Options
  readonly connection: Http2Connection
  readonly #limits: Required<ConnectionLimits>
  readonly #responses: ServerResponse[] = []
  readonly #output: OctetVector[] = []
  #now = 0
  #changesTable = false

  /** @param app called with the number of the request, from 0 */
  constructor(
    limits: ConnectionLimits,
    app: (number: number, ...args: Parameters<Handler>) => ReturnType<Handler>,
    extendedConnect = false,
  ) {
    this.options = toHttp2Options({
      app: (request, response) => {
        this.#responses.push(response)
        return app(this.#responses.length - 1, request, response)
      },
      limits,
      extendedConnect,
      date: false,
      // Turns don't depend on how fast this machine is.
      clock: () => 0,
      onHandlerError: () => {},
    })
    this.#limits = this.options.limits
    this.connection = new Http2Connection(this.options, 0)
  }

  /** How many requests are neither answered nor cancelled. */
  get #open(): number {
    return this.#responses.filter((response) => !response.ended).length
  }

  async step(step: Step): Promise<void> {
    const { connection } = this
    switch (step.kind) {
      case 'receive':
        // SETTINGS may change the table of the blocks that we would decode.
        if (step.type === 4 || step.type === undefined) this.#changesTable = true
        this.receive(step.octets)
        break
      case 'take':
        this.takeAll()
        break
      case 'wait':
        this.#wait(step.milliseconds)
        break
      case 'later':
        await new Promise((resolve) => setImmediate(resolve))
        break
      default:
        connection[step.kind]()
    }
    this.#check()
  }

  #wait(milliseconds: number | undefined): void {
    const { deadline } = this.connection
    if (milliseconds !== undefined) this.#now += milliseconds
    else if (deadline !== Number.POSITIVE_INFINITY) this.#now = deadline
    this.connection.tick(this.#now)
  }

  /** Passes octets on whose memory is used again. */
  receive(octets: OctetVector): void {
    const borrowed = Buffer.from(octets)
    this.connection.receive(borrowed)
    borrowed.fill(0xff)
    this.#takeTurns()
  }

  takeAll(): void {
    const longest = this.#limits.maxWaitingOutput + 65_536 + 262_144 + MOST_BESIDE
    for (let runs = 0; ; runs++) {
      this.#takeTurns()
      const run = this.connection.takeOutput()
      if (run === undefined && !this.connection.awaitsTurn) break
      check(runs < 10_000, 'output comes to an end')
      if (run === undefined) continue
      check(run.length <= longest, 'a run of output is within its limit')
      this.#output.push(new Uint8Array(run))
    }
    check(!this.connection.holdsInput, 'no input is held once all output is taken')
  }

  #takeTurns(): void {
    for (let turns = 0; this.connection.awaitsTurn; turns++) {
      check(turns < 10_000, 'turns come to an end')
      this.connection.takeTurn()
    }
  }

  #check(): void {
    const { state, error, deadline } = this.connection
    const { used } = this.options.memory
    check(this.#open <= this.#limits.maxConcurrentStreams, 'no more streams are open than allowed')
    check(used >= 0, 'no more memory is released than was held')
    check(used <= this.#limits.maxConnectionMemory + MOST_BESIDE, 'memory is within its limit')
    if (error !== undefined) {
      check(state === 'closed', 'a fault closes the connection')
      check(errorCodeName(error.errorCode).length > 0, 'a fault has a code')
    }
    if (state === 'closed') {
      check(this.#open === 0, 'no stream outlives its connection')
      check(deadline === Number.POSITIVE_INFINITY, 'a closed connection has no deadline')
    } else check(deadline > this.#now, 'a deadline is to come')
  }

  /** Takes what is left, and ends the connection. Returns all output as frames. */
  async end(): Promise<Frame[]> {
    this.takeAll()
    this.#check()
    this.connection.abandon()
    this.#checkGone()
    // Requests count until their handlers have learnt that the client is gone.
    await new Promise((resolve) => setImmediate(resolve))
    this.#checkGone()
    const { used } = this.options.memory
    check(used === 0, `all memory is given back: ${used}`)
    const frames = outputFrames(concatenate(...this.#output))
    if (!this.#changesTable) checkHeaderBlocks(frames)
    checkEnd(frames)
    return frames
  }

  #checkGone(): void {
    check(this.connection.takeOutput() === undefined, 'an abandoned connection has no output')
    check(this.connection.state === 'closed', 'an abandoned connection is closed')
    check(this.#open === 0, 'no stream outlives its connection')
  }
}

/** Nothing follows a GOAWAY with an error, and nothing a stream's end but WINDOW_UPDATE and RST_STREAM. */
function checkEnd(frames: readonly Frame[]): void {
  const ended = new Set<number>()
  for (const [index, frame] of frames.entries()) {
    if (frame.type === 'GOAWAY' && frame.errorCode !== 0) {
      check(index === frames.length - 1, 'GOAWAY with an error is the last frame')
    }
    if (frame.type === 'HEADERS' || frame.type === 'DATA') {
      check(!ended.has(frame.streamId), 'nothing follows the end of a stream')
      if ((frame.flags & 1) !== 0) ended.add(frame.streamId)
    } else if (frame.type === 'RST_STREAM') ended.add(frame.streamId)
  }
  if (frames.length > 0) check(frames[0]?.type === 'SETTINGS', 'SETTINGS come first')
}
