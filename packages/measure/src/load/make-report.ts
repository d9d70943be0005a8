import { versionsInUse } from '../machine/versions-in-use'
import type { LoadReport } from './load-report'
import { latencyOf, mergeTallies } from './merge-tallies'
import type { MemberResult } from './remote/worker-team'
import type { Tally } from './tally'

/** The part of a report that does not come from the workers. */
export type LoadFrame = Pick<LoadReport, 'startedAt' | 'outcome' | 'asked' | 'tlsCipher'>

type Completed = Extract<MemberResult, { state: 'completed' }>

/** From this utilisation on, a thread counts as busy, because there is always some waiting in between. */
const BUSY = 0.9

/**
 * Combines the results of the workers of a load. Lost workers are not included in any figure.
 *
 * @param results at least one is completed
 */
export function makeReport(frame: LoadFrame, results: readonly MemberResult[]): LoadReport {
  const members = frame.outcome === 'completed' ? results.map(overWholeTime) : results
  const completed = members.filter((one): one is Completed => one.state === 'completed')
  const tally = mergeTallies(
    completed.map((one) => one.tally),
    'beside',
  )
  const { started, succeeded, failed, errored, unanswered, unsent } = tally
  const { startedAt, outcome, asked, tlsCipher } = frame
  return {
    format: 1,
    startedAt,
    outcome,
    asked,
    seconds: tally.seconds,
    connections: completed.reduce((sum, { connections }) => sum + connections, 0),
    refusals: tally.refusals,
    reconnections: tally.reconnections,
    mostInFlight: tally.mostInFlight,
    mostStreams: tally.mostStreams,
    tlsCipher,
    requests: { started, succeeded, failed, errored, unanswered, unsent },
    offeredPerSecond: offeredPerSecond(completed),
    answersPerSecond: perSecond(tally),
    statuses: tally.statuses,
    faults: tally.faults,
    latency: {
      from: asked.loop.kind === 'open' ? 'intended-start' : 'sending',
      ...latencyOf(tally),
      histogram: tally.latencies,
    },
    generator: generatorOf(tally, completed, asked.loop.kind),
    workers: members.map(workerOf),
    versions: versionsInUse(),
  }
}

/**
 * Extends the time of a timed load to its planned duration, even if the server only answered in a part of it.
 * Otherwise the rate would be that of its better time.
 */
function overWholeTime(member: MemberResult): MemberResult {
  if (member.state === 'lost') return member
  const { part, tally } = member
  if (part.until.kind === 'requests') return member
  return { ...member, tally: { ...tally, seconds: Math.max(tally.seconds, part.until.seconds) } }
}

/** Whether every due request was answered with status 2xx. */
export function wentWell({ outcome, requests, workers, faults }: LoadReport): boolean {
  const { started, succeeded, unanswered, unsent } = requests
  const isComplete = outcome === 'completed' && workers.every(({ state }) => state === 'completed')
  // A server that accepts no more connections may still have answered every request.
  const hasFaults = Object.keys(faults).length > 0
  return (
    isComplete && !hasFaults && succeeded > 0 && succeeded === started && unanswered + unsent === 0
  )
}

function offeredPerSecond(completed: readonly Completed[]): number | null {
  const rates = completed.flatMap(({ part: { loop } }) =>
    loop.kind === 'open' ? [(loop.rate.from + loop.rate.to) / 2] : [],
  )
  return rates.length === 0 ? null : rates.reduce((sum, rate) => sum + rate)
}

function generatorOf(
  tally: Tally,
  completed: readonly Completed[],
  loop: 'closed' | 'open',
): LoadReport['generator'] {
  const answers = tally.succeeded + tally.failed
  const utilisations = completed.map(({ tally: { cpu, seconds } }) =>
    cpu === null || seconds === 0 ? null : cpu / 1e6 / seconds,
  )
  const known = utilisations.filter((one) => one !== null)
  const utilisation = known.length === 0 ? null : Math.max(...known)
  return {
    cpuPerRequest: tally.cpu === null || answers === 0 ? null : tally.cpu / answers,
    utilisation,
    limit: limitOf(loop, tally.unsent, known.length < completed.length ? null : utilisation),
  }
}

/** In an open loop, a thread also spins until the next due time, because timers are too coarse. */
function limitOf(
  loop: 'closed' | 'open',
  unsent: number,
  utilisation: number | null,
): LoadReport['generator']['limit'] {
  if (loop === 'open' && unsent === 0) return 'other'
  if (utilisation === null) return 'unknown'
  if (utilisation < BUSY) return 'other'
  return loop === 'open' ? 'unknown' : 'generator'
}

function workerOf(result: MemberResult): LoadReport['workers'][number] {
  const { name, connections } = result
  if (result.state === 'lost') return { name, connections, state: 'lost', reason: result.reason }
  const { tally } = result
  return {
    name,
    connections,
    state: 'completed',
    started: tally.started,
    answersPerSecond: perSecond(tally),
    cpu: tally.cpu,
  }
}

function perSecond({ succeeded, failed, seconds }: Tally): number {
  return seconds === 0 ? 0 : (succeeded + failed) / seconds
}
