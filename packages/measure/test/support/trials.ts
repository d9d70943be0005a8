import type { Manifest } from '../../src/storage/manifest'
import type { CompletedTrial, FailedTrial, Trial } from '../../src/trial/trial'

/** A measured trial, but for what a test is about. */
export function completedTrial(about: Partial<CompletedTrial> = {}): CompletedTrial {
  return {
    outcome: 'completed',
    trial: 1,
    round: 1,
    implementation: 'async/mini',
    clients: 1,
    streams: 10,
    tls: true,
    httpVersion: 'h2',
    generator: 'embedded',
    method: 'turns',
    offeredRate: null,
    startedAt: '2026-11-25T09:52:03.000Z',
    repeatedAfter: null,
    duration: 2,
    requestsTotal: 200_000,
    requestsSucceeded: 200_000,
    requestsFailed: 0,
    requestsErrored: 0,
    requestsTimedOut: 0,
    requestsPerSecond: 100_000,
    refusals: 0,
    reconnections: 0,
    mostInFlight: about.streams ?? 10,
    requestsUnsent: 0,
    slices: 20,
    slicesDropped: 0,
    warmup: 0.5,
    steady: true,
    othersUtilisation: 0.02,
    stealUtilisation: 0,
    latencyMean: 100,
    latencyP50: 90,
    latencyP90: 150,
    latencyP99: 300,
    latencyP999: 900,
    latencyMax: 2000,
    serverCpuPerRequest: 2,
    serverUtilisation: 0.2,
    serverPeakMemory: 64 * 2 ** 20,
    generatorCpuPerRequest: 4,
    generatorUtilisation: 0.4,
    limit: 'neither',
    tlsCipher: 'TLSv1.3 TLS_AES_128_GCM_SHA256',
    ...about,
  }
}

/** Trials of several rounds, of figures that an implementation had in each of them; null where it failed. */
export function roundsOf(
  implementation: string,
  cpu: readonly (number | null)[],
  about: Partial<CompletedTrial> = {},
): Trial[] {
  return cpu.map((serverCpuPerRequest, index) => {
    const identity = { implementation, round: index + 1 }
    if (serverCpuPerRequest !== null) {
      return completedTrial({ serverCpuPerRequest, ...about, ...identity })
    }
    const { clients = 1, tls = true, streams = 10, offeredRate = null } = about
    return failedTrial({ clients, tls, streams, offeredRate, ...identity })
  })
}

/** A trial that was not measured, but for what a test is about. */
export function failedTrial(about: Partial<FailedTrial> = {}): FailedTrial {
  const { trial, round, implementation, clients, streams, tls, ...rest } = completedTrial()
  const { httpVersion, generator, method, offeredRate, startedAt, repeatedAfter } = rest
  return {
    outcome: 'failed',
    trial,
    round,
    implementation,
    clients,
    streams,
    tls,
    httpVersion,
    generator,
    method,
    offeredRate,
    startedAt,
    repeatedAfter,
    error: "The server's process ended (SIGKILL): it said nothing.",
    ...about,
  }
}

/** A manifest that fits any of these trials. */
export function manifestOf(trials: readonly Trial[], about: Partial<Manifest> = {}): Manifest {
  return {
    experiment: { name: 'sweep', title: 'speed over the number of streams' },
    startedAt: '2026-11-25T09:52:03.000Z',
    state: { kind: 'completed', endedAt: '2026-11-25T09:52:33.000Z' },
    trials: trials.length,
    options: {
      implementations: [...new Set(trials.map(({ implementation }) => implementation))],
      scenarios: [{ clients: 1, tls: true }],
      streams: [...new Set(trials.map(({ streams }) => streams))],
      rates: null,
      arrivals: null,
      duration: 2,
      warmup: 0.5,
      repeat: 1,
    },
    method: { kind: 'turns', seed: 1, slice: 0.1 },
    repetitions: { kind: 'fixed', times: 1 },
    probe: null,
    quick: false,
    others: [],
    generator: { name: 'embedded', version: 'Node 20.20.2' },
    tlsCiphers: ['TLSv1.3 TLS_AES_128_GCM_SHA256'],
    machine: {
      cpu: 'A CPU',
      cpus: 2,
      memory: 8 * 2 ** 30,
      kernel: 'Linux 6.1.0',
      architecture: 'x64',
      cpuSource: 'schedstat',
      used: { generator: [0, 1], servers: [0, 1] },
      frequency: { lowest: 2000, highest: 3000 },
    },
    versions: { node: '20.20.2' },
    ...about,
  }
}
