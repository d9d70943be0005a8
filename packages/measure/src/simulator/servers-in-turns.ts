import type { TlsCredentials } from '@h2lab/mini-http2/server'
import type { OptionNamesOf } from '@h2lab/octets'
import { checkAnswer } from '../answer-check/check-answer'
import type { TurnSimulator } from '../experiment/experiment'
import type { LoadPlan, Loop, PlannedRequest } from '../load/plan'
import { startWorker } from '../load/start-worker'
import type { Pinning } from '../machine/cpus'
import { cpuSource, TreeCpu } from '../machine/tree-cpu'
import { checkOptionNames } from '../option-names'
import type { RunningTarget, Target } from '../targets/target'
import { TARGETS } from '../targets/targets'
import { expectedAnswer, knownTarget } from './known-target'
import type { LoadVariables } from './load-world'
import { serverCpuOf } from './server-cpu'
import { ServerInTurns } from './server-in-turns'
import { SharedWorker } from './shared-worker'

export interface ServersInTurnsOptions {
  /** The targets for the values of the variable `implementation`. Default: all that h2lab can start. */
  readonly targets?: readonly Target[] | undefined
  /** The certificate of servers with TLS. */
  readonly tls: TlsCredentials
  /** How long to measure each server, in seconds: the sum of its turns. */
  readonly duration: number
  /** The length of a turn, in seconds. Default 0.1. */
  readonly slice?: number | undefined
  /** How long the warm-up of a server may take, in seconds. 0 for no warm-up. Default 1. */
  readonly warmup?: number | undefined
  /** The seed for the order of the turns and of the requests. Default 1. */
  readonly seed?: number | undefined
  /** The requests. Default: GET of the server's URL. */
  readonly requests?: PlannedRequest[] | undefined
  /** The loop for a point. Default: open with constant arrivals if it has a `rate`, otherwise closed. */
  readonly load?: ((variables: LoadVariables) => Loop) | undefined
  /** The CPUs that the generator and the servers run on. Default: all. */
  readonly cpus?: Pinning | undefined
}

const OPTIONS: OptionNamesOf<ServersInTurnsOptions> = {
  targets: true,
  tls: true,
  duration: true,
  slice: true,
  warmup: true,
  seed: true,
  requests: true,
  load: true,
  cpus: { generator: true, servers: true },
}

export const TURN_DEFAULTS = { slice: 0.1, warmup: 1, seed: 1 } as const

/** How long to wait for the last answers of a slice, in seconds: longer than any pause of a busy machine. */
const ANSWER_TIME = 5

/**
 * Simulates clients of several servers. Each server runs in its own process and must first answer this many clients
 * correctly. All servers of a point run concurrently and are loaded in turns, a slice at a time.
 *
 * A slice is dropped if other processes or the hypervisor used too much of the machine. On a machine that is never
 * idle, about every other slice counts anyway, and the trial's `othersUtilisation` shows it.
 *
 * @throws MeasureError `USAGE` if an option does not exist
 */
export function serversInTurns(
  options: ServersInTurnsOptions,
): TurnSimulator<LoadVariables, ServerInTurns> {
  checkOptionNames(options, OPTIONS)
  const { tls, duration, cpus, requests, targets = TARGETS, load = loopOf } = options
  const { slice = TURN_DEFAULTS.slice, warmup = TURN_DEFAULTS.warmup } = options
  const { seed = TURN_DEFAULTS.seed } = options
  const workers = new SharedWorker(() => startWorker({ cpus: cpus?.generator }))

  async function connected(
    variables: LoadVariables,
    target: Target,
    server: RunningTarget,
    worker: Worker,
  ): Promise<ServerInTurns> {
    const { clients } = variables.scenario
    const body = expectedAnswer(target)
    await checkAnswer(server.url, target.httpVersion, { body, connections: clients })
    const plan = planFor(variables, target, server, seed)
    const session = await worker.connect(requests === undefined ? plan : { ...plan, requests })
    return new ServerInTurns({
      ...{ variables, target, server, session, slice, warmup },
      answerTime: ANSWER_TIME,
      loop: load(variables),
      serverCpu: await serverCpuOf(server),
      generatorCpu: cpuSource() === 'schedstat' ? new TreeCpu(worker.pid) : undefined,
    })
  }

  async function started(variables: LoadVariables, worker: Worker): Promise<ServerInTurns> {
    const target = knownTarget(variables.implementation, targets)
    const server = await target.start({
      tls: variables.scenario.tls ? tls : undefined,
      cpus: cpus?.servers,
    })
    try {
      return await connected(variables, target, server, worker)
    } catch (error) {
      try {
        // Others only see the effect of a server that has ended. Its process knows the reason.
        await server.usage()
      } finally {
        await server.stop()
      }
      throw error
    }
  }

  return {
    sideBySide: 'implementation',
    duration,
    seed,
    async prepare(variables) {
      try {
        return await started(variables, await workers.acquire())
      } catch (error) {
        await workers.release()
        throw error
      }
    },
    warmUp: (world, signal) => world.warmUp(signal),
    turn: (world, _, signal) => world.turn(signal),
    async dispose(world) {
      await world.close()
      await world.server.stop()
      await workers.release()
    },
  }
}

type Worker = Awaited<ReturnType<typeof startWorker>>

function loopOf({ rate }: LoadVariables): Loop {
  if (rate === undefined) return { kind: 'closed' }
  return { kind: 'open', rate: { from: rate, to: rate }, arrivals: 'constant' }
}

function planFor(
  { scenario, streams }: LoadVariables,
  { httpVersion }: Target,
  { url }: RunningTarget,
  seed: number,
): LoadPlan {
  const { origin, pathname, search } = new URL(url)
  return {
    origin,
    httpVersion,
    connections: scenario.clients,
    streams,
    requests: [{ method: 'GET', path: pathname + search, headers: [], body: null, weight: 1 }],
    answerTime: ANSWER_TIME,
    seed,
  }
}
