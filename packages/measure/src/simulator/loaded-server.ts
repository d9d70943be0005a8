import type { TlsCredentials } from '@h2lab/mini-http2/server'
import type { OptionNamesOf } from '@h2lab/octets'
import { checkAnswer } from '../answer-check/check-answer'
import type { WholeSimulator } from '../experiment/experiment'
import type { LoadGenerator, LoadResult } from '../generators/load-generator'
import type { Pinning } from '../machine/cpus'
import { checkOptionNames } from '../option-names'
import type { Target } from '../targets/target'
import { TARGETS } from '../targets/targets'
import { expectedAnswer, knownTarget } from './known-target'
import type { LoadVariables, LoadWorld } from './load-world'

export type { LoadVariables, LoadWorld, Scenario } from './load-world'

export interface LoadedServerOptions {
  readonly generator: LoadGenerator
  /** The certificate of servers with TLS. */
  readonly tls: TlsCredentials
  /** How long to measure, in seconds. */
  readonly duration: number
  /** How long to warm up, in seconds. */
  readonly warmup: number
  /** The targets for the values of the variable `implementation`. Default: all that h2lab can start. */
  readonly targets?: readonly Target[] | undefined
  /** The CPUs that the generator and the servers run on. Default: all. */
  readonly cpus?: Pinning | undefined
}

/** The world of a trial that runs whole. */
interface WholeLoadWorld extends LoadWorld {
  result: LoadResult | undefined
}

const OPTIONS: OptionNamesOf<LoadedServerOptions> = {
  generator: true,
  tls: true,
  duration: true,
  warmup: true,
  targets: true,
  cpus: { generator: true, servers: true },
}

/**
 * Simulates clients: a server in its own process, which must first answer this many clients correctly, and a
 * generator that loads it. Trials run whole, one server after another.
 *
 * @throws MeasureError `USAGE` if an option does not exist
 */
export function loadedServer(
  options: LoadedServerOptions,
): WholeSimulator<LoadVariables, WholeLoadWorld> {
  checkOptionNames(options, OPTIONS)
  const { generator, duration, warmup, targets = TARGETS, cpus } = options
  return {
    async prepare(variables) {
      const target = knownTarget(variables.implementation, targets)
      const server = await target.start({
        tls: variables.scenario.tls ? options.tls : undefined,
        cpus: cpus?.servers,
      })
      return { variables, target, server, result: undefined, turns: undefined }
    },
    async run(world, phases, signal) {
      const { target, server, variables } = world
      const { url } = server
      const { httpVersion } = target
      const { streams, scenario } = variables
      const { clients } = scenario
      const events = { measureStart: () => phases.begin(), measureEnd: () => phases.end() }
      try {
        const body = expectedAnswer(target)
        const begin = performance.now()
        await checkAnswer(url, httpVersion, { body, connections: clients, signal })
        const connectingTime = (performance.now() - begin) / 1000
        const load = {
          ...{ url, httpVersion, clients, streams, duration },
          warmup: warmupOf(generator, connectingTime),
          cpus: cpus?.generator,
        }
        world.result = await generator.run(load, events, signal)
      } catch (error) {
        // Others only see the effect of a server that has ended. Its process knows the reason.
        await server.usage()
        throw error
      }
    },
    async dispose(world) {
      await world.server.stop()
    },
  }

  /**
   * h2load starts its warm-up with the first connection. By its end, all clients should be connected.
   *
   * @param connectingTime how long the same number of connections has just taken, in seconds
   */
  function warmupOf({ name }: LoadGenerator, connectingTime: number): number {
    return name === 'h2load' ? Math.max(warmup, connectingTime) : warmup
  }
}
