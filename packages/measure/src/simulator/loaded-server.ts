import type { TlsCredentials } from '@h2lab/mini-http2/server'
import type { Simulator } from '../experiment/experiment'
import type { LoadGenerator, LoadResult } from '../generators/load-generator'
import { type MeasuredServer, startMeasuredServer } from '../server-process/measured-server'

/** The variables of experiments with servers under load. */
export interface LoadVariables {
  readonly scenario: Scenario
  /** Requests in flight on each connection. */
  readonly streams: number
  /** As `async/mini`. Last, so that trials to be compared are next to each other in time. */
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
  readonly server: MeasuredServer
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
}

/** Simulates clients: a server in a process of its own, and a generator that loads it. */
export function loadedServer(options: LoadedServerOptions): Simulator<LoadVariables, LoadWorld> {
  const { generator, duration, warmup } = options
  return {
    async prepare(variables) {
      const server = await startMeasuredServer({
        implementation: variables.implementation,
        tls: variables.scenario.tls ? options.tls : undefined,
      })
      return { variables, server, generator, result: undefined }
    },
    async run(world, phases, signal) {
      const { scenario, streams } = world.variables
      const load = { url: world.server.url, clients: scenario.clients, streams, duration, warmup }
      const events = { measureStart: () => phases.begin(), measureEnd: () => phases.end() }
      try {
        world.result = await generator.run(load, events, signal)
      } catch (error) {
        // Of a server that has ended, a generator sees the effect; its process tells the reason.
        await world.server.usage()
        throw error
      }
    },
    async dispose(world) {
      await world.server.stop()
    },
  }
}
