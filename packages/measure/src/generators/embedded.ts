import { MeasureError } from '../errors'
import type { LoadPart, LoadPlan } from '../load/plan'
import { startWorker } from '../load/start-worker'
import type { Tally } from '../load/tally'
import type { Load, LoadEvents, LoadGenerator, LoadResult } from './load-generator'
import { toLoadResult } from './load-result'

/** How long to wait for the last answers, in seconds. */
const ANSWER_TIME = 2

/** The built-in load generator, in its own process. */
export const embedded: LoadGenerator = {
  name: 'embedded',
  availability: async () => ({ state: 'available', version: `Node ${process.versions.node}` }),
  run,
}

async function run(load: Load, events: LoadEvents, signal?: AbortSignal): Promise<LoadResult> {
  signal?.throwIfAborted()
  const worker = await startWorker({ name: 'embedded', cpus: load.cpus })
  const abort = () => void worker.end()
  signal?.addEventListener('abort', abort, { once: true })
  try {
    const session = await worker.connect(planOf(load))
    const warmup = load.warmup > 0 ? await session.run(closedLoop(load.warmup)) : undefined
    await events.measureStart()
    const measured = await session.run(closedLoop(load.duration))
    await events.measureEnd()
    await session.close()
    const tally = warmup === undefined ? measured : withWarmup(measured, warmup)
    checkAnswers(load, { ...measured, faults: tally.faults })
    checkSilence(load, measured)
    return toLoadResult(tally, session.tlsCipher)
  } finally {
    signal?.removeEventListener('abort', abort)
    await worker.end()
  }
}

function planOf({ url, httpVersion, clients, streams }: Load): LoadPlan {
  const { origin, pathname, search } = new URL(url)
  const request = { method: 'GET', path: pathname + search, headers: [], body: null, weight: 1 }
  return {
    origin,
    httpVersion,
    connections: clients,
    streams,
    requests: [request],
    answerTime: ANSWER_TIME,
    seed: 1,
  }
}

function closedLoop(seconds: number): LoadPart {
  return { loop: { kind: 'closed' }, until: { kind: 'time', seconds } }
}

/** Includes faults of the warm-up, and its requests that never got an answer. */
function withWarmup(measured: Tally, { unanswered, faults }: Tally): Tally {
  return {
    ...measured,
    started: measured.started + unanswered,
    unanswered: measured.unanswered + unanswered,
    faults: { ...faults, ...measured.faults },
  }
}

/**
 * A working server still answers when the time is over. One that has ended its connections gracefully, and accepts no
 * new ones, leaves no request unanswered.
 *
 * @throws MeasureError `GENERATOR_FAILED` if the last answer arrived long before the end
 */
function checkSilence({ url, duration }: Load, { seconds, faults }: Tally): void {
  const silence = duration - seconds
  if (silence <= Math.max(LONGEST_SILENCE * duration, SHORTEST_SILENCE)) return
  const [fault] = Object.keys(faults)
  throw new MeasureError(
    'GENERATOR_FAILED',
    `${url} fell silent ${silence.toFixed(2)} s before the end of ${duration} s${fault === undefined ? '' : `: ${fault}`}.`,
  )
}

/** From this fraction of the measured time, and this many seconds, silence is not just a pause. */
const LONGEST_SILENCE = 0.2
const SHORTEST_SILENCE = 0.2

/** @throws MeasureError `GENERATOR_FAILED` if the figures would be meaningless */
function checkAnswers(load: Load, tally: Tally): void {
  const { url, clients, streams, duration } = load
  const { started, succeeded, failed, unanswered, mostStreams } = tally
  if (succeeded + failed === 0) {
    const refused = tally.refusals === 0 ? undefined : 'it refused them (REFUSED_STREAM)'
    const fault = Object.keys(tally.faults)[0] ?? refused
    throw new MeasureError(
      'GENERATOR_FAILED',
      `${url} answered no request within ${duration} s${fault === undefined ? '' : `: ${fault}`}.`,
    )
  }
  // One hanging request is a property of the server. If all hang, it has stopped.
  const inFlight = clients * Math.min(streams, mostStreams ?? streams)
  if (unanswered >= inFlight) {
    throw new MeasureError(
      'GENERATOR_FAILED',
      `${url} fell silent: ${unanswered} of ${started} requests had no answer ${ANSWER_TIME} s after the last was sent.`,
    )
  }
}
