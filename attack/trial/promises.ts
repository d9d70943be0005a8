import type { AttackerReport, ClientsReport, NeighbourReport } from '../processes/messages'

/** What is measured of one attack on one server. */
export interface Measurements {
  readonly attacker: AttackerReport
  /** Undefined where the server serves one client at a time, which is the attacker. */
  readonly neighbour: NeighbourMeasurements | undefined
  /** The share of the processors that others had meanwhile, 0 to 1; undefined if it is not known. */
  readonly othersShare: number | undefined
  /** Undefined if the server's process is not known. */
  readonly process: ProcessMeasurements | undefined
  /** Whether the process runs; with an unknown one, whether it takes connections. */
  readonly alive: boolean
  /** Whether a client that comes afterwards is served. */
  readonly served: boolean
  /** What the server said last: why it ended connections, or itself. */
  readonly lastWords: string
}

export interface NeighbourMeasurements {
  readonly beside: NeighbourReport
  /** Beside as many ordinary clients; undefined if the server that was given is gone. */
  readonly control: NeighbourControl | undefined
}

export interface NeighbourControl {
  readonly neighbour: NeighbourReport
  /** What the ordinary clients did meanwhile. */
  readonly clients: ClientsReport
}

export interface ProcessMeasurements {
  /** The most memory beside as many ordinary clients, in octets. */
  readonly memoryBefore: number
  readonly memoryPeak: number
  /** When the time for its return was over, or it had returned. */
  readonly memoryAfter: number
  readonly descriptorsBefore: number
  readonly descriptorsAfter: number
}

export type PromiseName =
  | 'neighbour-rate'
  | 'neighbour-latency'
  | 'neighbour-connection'
  | 'memory-growth'
  | 'memory-return'
  | 'descriptors'
  | 'alive'
  | 'served'

export interface BrokenPromise {
  readonly promise: PromiseName
  /** What was measured, as `p99 646 ms`. */
  readonly figure: string
}

export const MIB = 1_048_576

/** What the neighbour keeps at least of what it has beside the control. */
const KEPT_SHARE = 0.5
/** The neighbour's 99th percentile at most, in milliseconds. */
const MOST_LATENCY = 50
/** What each attacker may make a server hold. */
const MOST_GROWTH = 16 * MIB
/** How much more than before may be held afterwards. The runtime keeps some pages for later. */
const RETURN_SHARE = 1.1
const RETURN_CONSTANT = 16 * MIB
/** Of the system's own, which come and go. */
const DESCRIPTORS = 2

/** @returns the memory to which a server returns, in octets */
export function returnedMemory(before: number): number {
  return before * RETURN_SHARE + RETURN_CONSTANT
}

export function returnedDescriptors(before: number): number {
  return before + DESCRIPTORS
}

/**
 * Tells which promises an attack has broken.
 *
 * @param budget how much a server may hold more than before, whatever comes, in octets
 */
export function brokenPromises(
  { neighbour, process, alive, served }: Measurements,
  connections: number,
  budget: number,
): BrokenPromise[] {
  const broken: BrokenPromise[] = []
  const add = (promise: PromiseName, figure: string) => broken.push({ promise, figure })
  if (!alive) add('alive', 'the process has ended')
  if (neighbour !== undefined) {
    const { beside, control } = neighbour
    const rate = rateOf(beside)
    const usual = control === undefined ? 0 : rateOf(control.neighbour)
    if (rate < usual * KEPT_SHARE) {
      add('neighbour-rate', `${count(rate)}/s, beside ordinary clients ${count(usual)}/s`)
    }
    // A probe of which there is nothing was not able to ask.
    if (beside.probes === 0) add('neighbour-latency', 'no answer')
    else if (beside.p99 > MOST_LATENCY) add('neighbour-latency', `p99 ${count(beside.p99)} ms`)
    if (beside.lost > 0) add('neighbour-connection', `lost ${beside.lost} connections`)
  }
  if (process !== undefined && alive) {
    const growth = process.memoryPeak - process.memoryBefore
    if (growth > Math.min(MOST_GROWTH * connections, budget)) {
      add('memory-growth', `+${count(growth / MIB)} MiB`)
    }
    if (process.memoryAfter > returnedMemory(process.memoryBefore)) {
      const kept = (process.memoryAfter - process.memoryBefore) / MIB
      add('memory-return', `keeps +${count(kept)} MiB`)
    }
    if (process.descriptorsAfter > returnedDescriptors(process.descriptorsBefore)) {
      const kept = process.descriptorsAfter - process.descriptorsBefore
      add('descriptors', `keeps ${kept} sockets`)
    }
  }
  if (!served) add('served', 'new clients are not served')
  return broken
}

/** Whether a busy machine breaks it as well. */
export function dependsOnMachine({ promise }: BrokenPromise): boolean {
  return promise === 'neighbour-rate' || promise === 'neighbour-latency'
}

export function rateOf({ requests, seconds }: NeighbourReport): number {
  return requests / seconds
}

/** A number as people read it. */
export function count(value: number): string {
  const rounded = value >= 100 ? Number(value.toPrecision(3)) : Math.round(value)
  return rounded.toLocaleString('en')
}
