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
 * The time that may be dropped in addition to the time that counts, in seconds, and at least one slice. On a machine
 * that is never idle a trial then takes twice as long, but completes and reports what others used.
 */
const DROPPED_ANYWAY = 0.3

/**
 * The length of a warm-up slice, in seconds: half of a turn, but at least this. After each slice, the warm-up may
 * end.
 */
const WARMUP_SLICE = 0.1

/** The parts of a server in turns. */
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
  /** The length of a turn, in seconds. */
  readonly slice: number
  /** How long the warm-up may take, in seconds. 0 for no warm-up. */
  readonly warmup: number
  /** How long to wait for the last answers of a slice, in seconds, the same as in the session. */
  readonly answerTime: number
}

/** A server that is loaded in slices, and its results so far. */
export class ServerInTurns implements LoadWorld {
  readonly variables: LoadVariables
  readonly target: Target
  readonly server: RunningTarget
  readonly #parts: ServerInTurnsParts
  readonly #tallies: Tally[] = []
  #dropped = 0
  #warmup = 0
  #steady = false
  /** In microseconds; null if it is unknown for any slice. */
  #serverCpu: number | null = 0
  #others = 0
  #stolen = 0
  /** Whether the usage by others is known for all slices. */
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

  /** Loads the server until the cost of a request is steady, or the time for that is over. */
  async warmUp(signal: AbortSignal): Promise<void> {
    const { warmup, loop } = this.#parts
    if (warmup === 0) return
    const slice = Math.min(this.#parts.slice, WARMUP_SLICE)
    const begin = performance.now()
    const costs: number[] = []
    do {
      const { tally, serverCpu } = await this.#load({ kind: 'closed' }, slice / 2, signal)
      // If the CPU time is unknown, the speed shows it.
      if (tally.started > 0) costs.push((serverCpu ?? tally.seconds) / tally.started)
      this.#steady = isSteady(costs)
      this.#warmup = (performance.now() - begin) / 1000
    } while (!this.#steady && this.#warmup < warmup)
    // A fixed rate has another cost, so its first slice is not measured.
    if (loop.kind === 'open') await this.#load(loop, slice, signal)
  }

  /** @returns the seconds that count; 0 if the turn is dropped */
  async turn(signal: AbortSignal): Promise<number> {
    const { loop, slice } = this.#parts
    const { tally, serverCpu, disturbance } = await this.#load(loop, slice, signal)
    const disturbed = disturbance !== undefined && isDisturbed(disturbance, tally.seconds)
    const droppedAnyway = Math.max(1, Math.round(DROPPED_ANYWAY / slice))
    const mayDrop = this.#dropped < droppedAnyway + this.#tallies.length
    // The machine was so busy that the generator did not run at all.
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
    // If the worker is gone, its connections are closed.
    await this.#parts.session.close().catch(() => {})
  }

  /** Loads the server for this many seconds and waits for the last answer. */
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

  /** Others only see the effect of a server that has ended. Its process knows the reason. */
  async #explained<Result>(result: Promise<Result>): Promise<Result> {
    try {
      return await result
    } catch (error) {
      await this.server.usage()
      throw error
    }
  }

  /** Figures of a server that is silent, or that answers nothing correctly, are meaningless. */
  async #checkAnswers(tally: Tally, part: LoadPart): Promise<void> {
    const { started, succeeded, unanswered, refusals, statuses, faults } = tally
    const { answerTime } = this.#parts
    const isSilent = unanswered > 0 && !isStillAnswering(tally, part, answerTime)
    // None may have been due, at a low rate, or the generator was late.
    const hasFailed = succeeded === 0 && started + refusals + Object.keys(faults).length > 0
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
      ...(refusals === 0 ? [] : [`${refusals} times REFUSED_STREAM`]),
      ...Object.entries(faults).map(([fault, times]) => `${times} times ${fault}`),
    ]
    throw new MeasureError(
      'SERVER_FAILED',
      `${url} answered none of ${started} requests successfully: ${what.join(', ') || 'there was no answer'}.`,
    )
  }
}

/** An open loop lasts the whole slice, even if its last request was due earlier. */
function ofWholeSlice({ loop, until }: LoadPart, tally: Tally): Tally {
  if (loop.kind === 'closed' || until.kind === 'requests') return tally
  return { ...tally, seconds: Math.max(tally.seconds, until.seconds) }
}

/**
 * Whether an overloaded server was still answering when the time for its last answers was over. Its unanswered
 * requests then show how far behind it was.
 */
function isStillAnswering({ seconds }: Tally, { loop, until }: LoadPart, answerTime: number) {
  if (loop.kind === 'closed' || until.kind === 'requests') return false
  return seconds > until.seconds + answerTime / 2
}

/** The result of a slice. */
interface Slice {
  readonly tally: Tally
  /** In microseconds. */
  readonly serverCpu: number | undefined
  readonly disturbance: Disturbance | undefined
}

function difference(before: number | undefined, after: number | undefined): number | undefined {
  return before === undefined || after === undefined ? undefined : after - before
}
