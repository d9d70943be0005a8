import { MeasureError } from '../errors'
import type { LoadResult } from '../generators/load-generator'
import { toLoadResult } from '../generators/load-result'
import type { LoadSession } from '../load/load-worker'
import { mergeTallies } from '../load/merge-tallies'
import type { LoadPart, Loop } from '../load/plan'
import type { Tally } from '../load/tally'
import type { TreeCpu } from '../machine/tree-cpu'
import type { RunningTarget, Target } from '../targets/target'
import { type Disturbance, isDisturbed, watchDisturbance } from './disturbance'
import type { LoadVariables, LoadWorld, TurnsRecord } from './load-world'
import type { ServerCpu } from './server-cpu'
import { isSteady } from './steadiness'

/**
 * So much more time is dropped at most than counts, in seconds, and one slice in any case. A machine that is never
 * quiet takes twice as long then, but is measured, and the trial tells what others took.
 */
const DROPPED_ANYWAY = 0.3

/** Slices of the warm-up are half of a turn, or of this, in seconds: whether it is over is looked for after each. */
const WARMUP_SLICE = 0.1

/** What a server in turns is made of. */
export interface ServerInTurnsParts {
  readonly variables: LoadVariables
  readonly target: Target
  readonly server: RunningTarget
  readonly session: LoadSession
  /** Undefined if unknown. */
  readonly serverCpu: ServerCpu | undefined
  /** Undefined where there is no /proc. */
  readonly generatorCpu: TreeCpu | undefined
  readonly loop: Loop
  /** How long a turn is, in seconds. */
  readonly slice: number
  /** How long the warm-up may take, in seconds; 0: there is none. */
  readonly warmup: number
  /** How long the last answers of a slice may take, in seconds, as the session was told. */
  readonly answerTime: number
}

/** A server that is loaded a slice at a time, and what came of it so far. */
export class ServerInTurns implements LoadWorld {
  readonly variables: LoadVariables
  readonly target: Target
  readonly server: RunningTarget
  readonly #parts: ServerInTurnsParts
  readonly #tallies: Tally[] = []
  #dropped = 0
  #warmup = 0
  #steady = false
  /** Microseconds; null if that of any slice is not known. */
  #serverCpu: number | null = 0
  #others = 0
  #stolen = 0
  /** Whether the machine told what others take in all slices. */
  #isWatched = true

  constructor(parts: ServerInTurnsParts) {
    this.#parts = parts
    this.variables = parts.variables
    this.target = parts.target
    this.server = parts.server
  }

  get result(): LoadResult | undefined {
    if (this.#tallies.length === 0) return undefined
    return toLoadResult(mergeTallies(this.#tallies), this.#parts.session.tlsCipher)
  }

  get turns(): TurnsRecord {
    return {
      slices: this.#tallies.length,
      dropped: this.#dropped,
      warmup: this.#warmup,
      steady: this.#steady,
      serverCpu: this.#serverCpu,
      others: this.#isWatched ? Math.max(0, this.#others) : null,
      stolen: this.#isWatched ? this.#stolen : null,
    }
  }

  /** Loads the server until what a request costs is steady, or the time for that is over. */
  async warmUp(signal: AbortSignal): Promise<void> {
    const { warmup, loop } = this.#parts
    if (warmup === 0) return
    const slice = Math.min(this.#parts.slice, WARMUP_SLICE)
    const begin = performance.now()
    const costs: number[] = []
    do {
      const { tally, serverCpu } = await this.#load({ kind: 'closed' }, slice / 2, signal)
      // Where CPU time is unknown, speed shows it.
      if (tally.started > 0) costs.push((serverCpu ?? tally.seconds) / tally.started)
      this.#steady = isSteady(costs)
      this.#warmup = (performance.now() - begin) / 1000
    } while (!this.#steady && this.#warmup < warmup)
    // What a fixed rate costs is something else: the first slice of it is not measured.
    if (loop.kind === 'open') await this.#load(loop, slice, signal)
  }

  /** @returns how many seconds count; 0 if the turn is dropped */
  async turn(signal: AbortSignal): Promise<number> {
    const { loop, slice } = this.#parts
    const { tally, serverCpu, disturbance } = await this.#load(loop, slice, signal)
    const disturbed = disturbance !== undefined && isDisturbed(disturbance, tally.seconds)
    const droppedAnyway = Math.max(1, Math.round(DROPPED_ANYWAY / slice))
    const mayDrop = this.#dropped < droppedAnyway + this.#tallies.length
    // The generator was not even there: so busy is the machine.
    const isEmpty = loop.kind === 'closed' && tally.started === 0
    if (isEmpty || (disturbed && mayDrop)) {
      this.#dropped++
      return 0
    }
    this.#tallies.push(tally)
    const known = this.#serverCpu !== null && serverCpu !== undefined
    this.#serverCpu = known ? this.#serverCpu! + serverCpu : null
    this.#others += disturbance?.others ?? 0
    this.#stolen += disturbance?.stolen ?? 0
    this.#isWatched &&= disturbance !== undefined
    return tally.seconds
  }

  /** Closes the connections to it. */
  async close(): Promise<void> {
    // A worker that is gone has closed them.
    await this.#parts.session.close().catch(() => {})
  }

  /** Loads the server for so many seconds, and waits for the last answer. */
  async #load(loop: Loop, seconds: number, signal: AbortSignal): Promise<Slice> {
    const { session, serverCpu, generatorCpu } = this.#parts
    const part: LoadPart = { loop, until: { kind: 'time', seconds } }
    const watch = watchDisturbance()
    const generatorBefore = generatorCpu?.read()
    const serverBefore = await serverCpu?.read()
    const tally = ofWholeSlice(part, await this.#explained(session.run(part, { signal })))
    const serverAfter = await serverCpu?.read()
    const generatorAfter = generatorCpu?.read()
    signal.throwIfAborted()
    await this.#checkAnswers(tally, part)
    const server = difference(serverBefore, serverAfter)
    const generator = difference(generatorBefore, generatorAfter) ?? (tally.cpu ?? 0) * 1000
    const disturbance = watch?.end(((server ?? 0) + generator) / 1e9)
    return { tally, serverCpu: server === undefined ? undefined : server / 1000, disturbance }
  }

  /** Of a server that has ended, others see the effect; its process tells the reason. */
  async #explained<Result>(result: Promise<Result>): Promise<Result> {
    try {
      return await result
    } catch (error) {
      await this.server.usage()
      throw error
    }
  }

  /** A figure of a server that is silent, or that answers nothing as it should, means nothing. */
  async #checkAnswers(tally: Tally, part: LoadPart): Promise<void> {
    const { started, succeeded, unanswered, statuses, faults } = tally
    const { answerTime } = this.#parts
    const isSilent = unanswered > 0 && !isStillAnswering(tally, part, answerTime)
    // None may have been due, at a low rate, or the generator was late.
    const hasFailed = succeeded === 0 && (started > 0 || Object.keys(faults).length > 0)
    if (!isSilent && !hasFailed) return
    await this.server.usage()
    const { url } = this.server
    if (isSilent) {
      throw new MeasureError(
        'SERVER_FAILED',
        `${url} fell silent: ${unanswered} of ${started} requests had no answer ${answerTime} s later.`,
      )
    }
    const what = [
      ...Object.entries(statuses).map(([status, times]) => `${times} times status ${status}`),
      ...Object.entries(faults).map(([fault, times]) => `${times} times ${fault}`),
    ]
    throw new MeasureError(
      'SERVER_FAILED',
      `${url} answered none of ${started} requests with success: ${what.join(', ') || 'nothing came'}.`,
    )
  }
}

/** An open loop goes on for the whole slice, also if its last request was due before the end of it. */
function ofWholeSlice({ loop, until }: LoadPart, tally: Tally): Tally {
  if (loop.kind === 'closed' || until.kind === 'requests') return tally
  return { ...tally, seconds: Math.max(tally.seconds, until.seconds) }
}

/**
 * Whether a server that was offered too much was still at it when the time for its last answers was over: then what it
 * left unanswered says how far behind it was.
 */
function isStillAnswering({ seconds }: Tally, { loop, until }: LoadPart, answerTime: number) {
  if (loop.kind === 'closed' || until.kind === 'requests') return false
  return seconds > until.seconds + answerTime / 2
}

/** What came of one slice. */
interface Slice {
  readonly tally: Tally
  /** Microseconds. */
  readonly serverCpu: number | undefined
  readonly disturbance: Disturbance | undefined
}

function difference(before: number | undefined, after: number | undefined): number | undefined {
  return before === undefined || after === undefined ? undefined : after - before
}
