import { type Clip, defineClip } from '../experiment/clip'
import type { LoadResult } from '../generators/load-generator'
import type { ResourceUsage } from '../server-process/messages'
import type { LoadWorld } from '../simulator/load-world'
import { limitOf } from './limit'

/** The outcomes of the requests, and their rate. */
export const requests = defineClip<LoadWorld>({
  name: 'requests',
  title: 'requests by outcome, and per second',
  columns: {
    duration: 'seconds measured, without warm-up',
    requestsTotal: 'requests that ended',
    requestsSucceeded: 'requests answered with status 2xx (h2load: or 3xx)',
    requestsFailed: 'requests answered otherwise or not at all',
    requestsErrored: 'requests reset, or whose connection was lost',
    requestsTimedOut: 'requests not answered in time',
    requestsPerSecond: 'successful requests a second',
    refusals: 'times that the server refused a request, which was sent again',
    reconnections: 'connections opened in place of one that the server had ended',
    mostInFlight: 'most requests in flight at once on one connection',
    requestsUnsent: 'open loop: requests that were due, but had no connection with room',
  },
  schedule: { kind: 'at-end' },
  instrument: (world) => ({
    enable() {},
    collect() {
      const { duration, requests, refusals, reconnections, mostInFlight, unsent } = resultOf(world)
      return {
        duration,
        requestsTotal: requests.total,
        requestsSucceeded: requests.succeeded,
        requestsFailed: requests.failed,
        requestsErrored: requests.errored,
        requestsTimedOut: requests.timedOut,
        requestsPerSecond: requests.succeeded / duration,
        refusals,
        reconnections,
        mostInFlight,
        requestsUnsent: unsent,
      }
    },
  }),
})

/** From sending a request to the end of its response. */
export const latency = defineClip<LoadWorld>({
  name: 'latency',
  title: 'time from a request to the end of its response',
  columns: {
    latencyMean: 'microseconds',
    latencyP50: 'microseconds, median',
    latencyP90: 'microseconds, 90th percentile',
    latencyP99: 'microseconds, 99th percentile',
    latencyP999: 'microseconds, 99.9th percentile',
    latencyMax: 'microseconds',
  },
  schedule: { kind: 'at-end' },
  instrument: (world) => ({
    enable() {},
    collect() {
      const { mean, p50, p90, p99, p999, max } = resultOf(world).latency
      return {
        latencyMean: mean,
        latencyP50: p50,
        latencyP90: p90,
        latencyP99: p99,
        latencyP999: p999,
        latencyMax: max,
      }
    },
  }),
})

/** What the server's process used: the main figure for comparisons. */
export const serverUsage = defineClip<LoadWorld>({
  name: 'server-usage',
  title: "CPU time and memory of the server's process",
  columns: {
    serverCpuPerRequest: 'microseconds of user and system time per request',
    serverUtilisation: 'CPU seconds per second; 1 is one core',
    serverPeakMemory: 'octets, largest resident set',
  },
  schedule: { kind: 'at-end' },
  instrument: (world) => {
    let before: ResourceUsage | undefined
    let after: ResourceUsage | undefined
    return {
      async enable() {
        before = await world.server.usage()
      },
      async disable() {
        after = await world.server.usage()
      },
      collect() {
        const { duration, requests } = resultOf(world)
        const cpu = serverCpu(world, before, after)
        return {
          serverCpuPerRequest: cpu === null || requests.total === 0 ? null : cpu / requests.total,
          serverUtilisation: cpu === null ? null : cpu / 1e6 / duration,
          serverPeakMemory: after?.peakMemory ?? null,
        }
      },
    }
  },
})

/** In microseconds. For trials in turns, the world has already added up the turns. */
function serverCpu(
  { turns }: LoadWorld,
  before: ResourceUsage | undefined,
  after: ResourceUsage | undefined,
): number | null {
  if (turns !== undefined) return turns.serverCpu
  return before === undefined || after === undefined ? null : after.cpu - before.cpu
}

/** What the generator's process used, and whether it was the bottleneck. */
export const generatorUsage = defineClip<LoadWorld>({
  name: 'generator-usage',
  title: "CPU time of the load generator's process, and what limited the trial",
  columns: {
    generatorCpuPerRequest: 'microseconds of user and system time per request',
    generatorUtilisation: 'CPU seconds per second; 1 is one core',
    limit: 'server, generator or neither: whose thread was busy all the time',
  },
  schedule: { kind: 'at-end' },
  instrument: (world) => {
    const server = serverUsage.instrument(world)
    return {
      enable: () => server.enable(),
      disable: () => server.disable?.(),
      async collect() {
        const { cpu, duration, requests } = resultOf(world)
        const { serverUtilisation } = await server.collect()
        const generatorUtilisation = cpu === null ? null : cpu / 1e6 / duration
        return {
          generatorCpuPerRequest:
            cpu === null || requests.total === 0 ? null : cpu / requests.total,
          generatorUtilisation,
          limit: limitOf({
            server: Number(serverUtilisation),
            generator: generatorUtilisation ?? 0,
            isOnTime: world.variables.rate !== undefined && resultOf(world).unsent === 0,
          }),
        }
      },
    }
  },
})

/** The encryption of the connections. */
export const encryption = defineClip<LoadWorld>({
  name: 'encryption',
  title: 'TLS version and cipher of the connections',
  columns: { tlsCipher: 'such as TLSv1.3 TLS_AES_128_GCM_SHA256; null without TLS' },
  schedule: { kind: 'at-end' },
  instrument: (world) => ({
    enable() {},
    collect: () => ({ tlsCipher: resultOf(world).tlsCipher }),
  }),
})

/** The outcome of the turns. Empty for trials that run whole. */
export const turns = defineClip<LoadWorld>({
  name: 'turns',
  title: 'turns, warm-up, and load on the machine by others',
  columns: {
    slices: 'turns that count',
    slicesDropped: 'turns dropped because others used too much of the machine',
    warmup: 'seconds of warm-up',
    steady: 'whether the cost of a request was steady after the warm-up',
    othersUtilisation: 'CPU seconds per second of other processes; 1 is one core',
    stealUtilisation: 'CPU seconds per second that the hypervisor gave to others',
  },
  schedule: { kind: 'at-end' },
  instrument: (world) => ({
    enable() {},
    collect() {
      const { duration } = resultOf(world)
      const { slices, dropped, warmup, steady, others, stolen } = world.turns ?? NO_TURNS
      return {
        slices,
        slicesDropped: dropped,
        warmup,
        steady,
        othersUtilisation: others === null ? null : others / duration,
        stealUtilisation: stolen === null ? null : stolen / duration,
      }
    },
  }),
})

const NO_TURNS = {
  ...{ slices: null, dropped: null, warmup: null, steady: null },
  ...{ others: null, stolen: null },
} as const

/** All built-in clips. */
export const CLIPS: readonly Clip<LoadWorld>[] = [
  requests,
  latency,
  serverUsage,
  generatorUsage,
  encryption,
  turns,
]

function resultOf(world: LoadWorld): LoadResult {
  if (world.result === undefined) throw new Error('The load generator has no result yet.')
  return world.result
}
