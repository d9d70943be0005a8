import { MeasureError } from '../../errors'
import type { LoadSession, LoadWorker, RunPartOptions } from '../load-worker'
import { mergeTallies } from '../merge-tallies'
import type { LoadPart, LoadPlan } from '../plan'
import type { Tally } from '../tally'
import { dividePart, dividePlan, offsets } from './divide-load'

/** A worker with a way to it that takes time. */
export interface TeamWorker extends LoadWorker {
  /** Returns how long a word takes there and back, in seconds. */
  ping(): Promise<number>
}

/** What came of a worker's share. */
export type MemberResult = { readonly name: string; readonly connections: number } & (
  | { readonly state: 'completed'; readonly part: LoadPart; readonly tally: Tally }
  /** It is gone, and so is what it has counted. */
  | { readonly state: 'lost'; readonly reason: string }
)

/** The share of a worker in a load, for as long as it is there. */
interface Member {
  readonly worker: TeamWorker
  readonly plan: LoadPlan
  readonly session: LoadSession
  readonly roundTrip: number
  lost?: string
}

/** How often a round trip is measured: the shortest says most of the way itself. */
const ROUND_TRIPS = 5

/** How often progress is told, in seconds. */
const PROGRESS_EVERY = 1

/** A load that several workers make together. */
export class WorkerTeam {
  readonly #members: readonly Member[]

  private constructor(members: readonly Member[]) {
    this.#members = members
  }

  /**
   * Connects all workers to the server, each with its share of the connections.
   *
   * @throws MeasureError what the first worker says that can't; nothing is loaded without all of them
   */
  static async connect(workers: readonly TeamWorker[], plan: LoadPlan): Promise<WorkerTeam> {
    const plans = dividePlan(plan, workers.length)
    const members = await Promise.all(
      workers.map(async (worker, index): Promise<Member> => {
        const share = plans[index]!
        const session = await worker.connect(share)
        return { worker, plan: share, session, roundTrip: await shortestRoundTrip(worker) }
      }),
    )
    return new WorkerTeam(members)
  }

  get tlsCipher(): string | null {
    return this.#members[0]!.session.tlsCipher
  }

  /**
   * Puts a part of the load on, by all workers at the same time, and waits for all of them. One that is lost is missing
   * from then on; the others go on.
   *
   * @throws MeasureError `GENERATOR_FAILED` if all are lost
   */
  async run(
    part: LoadPart,
    { signal, onProgress }: Pick<RunPartOptions, 'signal' | 'onProgress'> = {},
  ): Promise<MemberResult[]> {
    const parts = dividePart(
      part,
      this.#members.map(({ plan }) => plan),
    )
    const delays = this.#delays(part)
    const since: Tally[] = []
    const timer = setInterval(() => {
      onProgress?.(mergeTallies(since.splice(0), 'beside'))
    }, PROGRESS_EVERY * 1000)
    const results = await Promise.all(
      this.#members.map((member, index) =>
        resultOf(member, parts[index]!, {
          signal,
          delay: delays[index],
          progressEvery: PROGRESS_EVERY,
          onProgress: (tally) => since.push(tally),
        }),
      ),
    ).finally(() => clearInterval(timer))
    if (results.some(({ state }) => state === 'completed')) return results
    const reasons = results.map((one) => `${one.name} ${one.state === 'lost' ? one.reason : ''}`)
    throw new MeasureError('GENERATOR_FAILED', `No worker is left: ${reasons.join('; ')}.`)
  }

  /**
   * All are told to begin at once. Who hears it early waits longer: for half the difference of the round trips, since
   * clocks of different machines can't be compared.
   */
  #delays(part: LoadPart): number[] {
    const longest = Math.max(...this.#members.map(({ roundTrip }) => roundTrip))
    const later = offsets(part, this.#members.length)
    return this.#members.map(({ roundTrip }, index) => (longest - roundTrip) / 2 + later[index]!)
  }
}

/** Never fails: a worker that does is lost. */
async function resultOf(
  member: Member,
  part: LoadPart,
  options: RunPartOptions,
): Promise<MemberResult> {
  const { worker, plan, session } = member
  const who = { name: worker.name, connections: plan.connections }
  if (member.lost === undefined) {
    try {
      return { ...who, state: 'completed', part, tally: await session.run(part, options) }
    } catch (error) {
      member.lost = reasonOf(error, worker)
    }
  }
  return { ...who, state: 'lost', reason: member.lost }
}

async function shortestRoundTrip(worker: TeamWorker): Promise<number> {
  let shortest = Number.POSITIVE_INFINITY
  for (let time = 0; time < ROUND_TRIPS; time++) {
    shortest = Math.min(shortest, await worker.ping())
  }
  return shortest
}

/** What became of a worker, without its name, which stands beside it. */
function reasonOf(error: unknown, { name }: LoadWorker): string {
  const message = (error instanceof Error ? error.message : String(error)).replace(/\.$/, '')
  const prefix = `The load worker ${name}`
  return message.startsWith(prefix) ? message.slice(prefix.length).replace(/^:? /, '') : message
}
