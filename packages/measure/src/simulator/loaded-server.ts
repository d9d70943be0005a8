import type { TlsCredentials } from '@h2lab/mini-http2/server'
import type { OptionNamesOf } from '@h2lab/octets'
import { checkAnswer } from '../answer-check/check-answer'
import { MeasureError } from '../errors'
import type { Simulator } from '../experiment/experiment'
import type { LoadGenerator, LoadResult } from '../generators/load-generator'
import { checkOptionNames } from '../option-names'
import type { RunningTarget, Target } from '../targets/target'
import { findTarget, TARGETS } from '../targets/targets'

/** The variables of experiments with servers under load. */
export interface LoadVariables {
  readonly scenario: Scenario
  /** Requests in flight on each connection. */
  readonly streams: number
  /** Requests a second of all connections together, of an open loop; undefined: a closed loop. */
  readonly rate?: number | undefined
  /**
   * The name of what is measured, as `async/mini` or `nginx`. Last, so that trials to be compared
   * are next to each other in time.
   */
  readonly implementation: string
}

/** How many clients, and whether through TLS. */
export interface Scenario {
  readonly clients: number
  readonly tls: boolean
}

/** What clips can look at. */
export interface LoadWorld {
  readonly variables: LoadVariables
  readonly target: Target
  readonly server: RunningTarget
  readonly generator: LoadGenerator
  /** What the generator found; undefined until it ended. */
  result: LoadResult | undefined
}

export interface LoadedServerOptions {
  readonly generator: LoadGenerator
  /** The certificate of servers with TLS. */
  readonly tls: TlsCredentials
  /** How long to measure, in seconds. */
  readonly duration: number
  /** How long to warm up, in seconds. */
  readonly warmup: number
  /** What the names of the variable `implementation` stand for. Default: all that h2lab can start. */
  readonly targets?: readonly Target[] | undefined
}

const OPTIONS: OptionNamesOf<LoadedServerOptions> = {
  generator: true,
  tls: true,
  duration: true,
  warmup: true,
  targets: true,
}

/**
 * Simulates clients: a server in a process of its own, which has to give the right answer to as
 * many clients at once, and a generator that loads it.
 *
 * @throws MeasureError `USAGE` if an option does not exist
 */
export function loadedServer(options: LoadedServerOptions): Simulator<LoadVariables, LoadWorld> {
  checkOptionNames(options, OPTIONS)
  const { generator, duration, warmup, targets = TARGETS } = options
  return {
    async prepare(variables) {
      const target = findTarget(variables.implementation, targets)
      if (target === undefined) throw unknownTarget(variables.implementation, targets)
      const server = await target.start({
        tls: variables.scenario.tls ? options.tls : undefined,
      })
      return { variables, target, server, generator, result: undefined }
    },
    async run(world, phases, signal) {
      const { target, server, variables } = world
      const { url } = server
      const { httpVersion } = target
      const { streams, scenario } = variables
      const { clients } = scenario
      const events = { measureStart: () => phases.begin(), measureEnd: () => phases.end() }
      try {
        const body = target.kind === 'remote' ? 'any' : 'hello-world'
        const begin = performance.now()
        await checkAnswer(url, httpVersion, { body, connections: clients, signal })
        const connectingTime = (performance.now() - begin) / 1000
        const load = {
          ...{ url, httpVersion, clients, streams, duration },
          warmup: warmupOf(generator, connectingTime),
        }
        world.result = await generator.run(load, events, signal)
      } catch (error) {
        // Of a server that has ended, others see the effect; its process tells the reason.
        await server.usage()
        throw error
      }
    },
    async dispose(world) {
      await world.server.stop()
    },
  }

  /**
   * h2load begins its warm-up with the first connection: by its end all clients should have theirs.
   *
   * @param connectingTime how long as many connections have just taken, in seconds
   */
  function warmupOf({ name }: LoadGenerator, connectingTime: number): number {
    return name === 'h2load' ? Math.max(warmup, connectingTime) : warmup
  }
}

function unknownTarget(name: string, targets: readonly Target[]): MeasureError {
  const names = targets.map((target) => target.name).join(', ')
  return new MeasureError(
    'TARGET_UNAVAILABLE',
    `There is no ${JSON.stringify(name)} to measure: it must be one of ${names}.`,
  )
}
