import { MeasureError } from '../errors'
import { latencyOf } from '../load/latencies'
import type { LoadPart, LoadPlan } from '../load/plan'
import { startWorker } from '../load/start-worker'
import type { Tally } from '../load/tally'
import type { Load, LoadEvents, LoadGenerator, LoadResult } from './load-generator'

/** How long the last answers may take when the time is over, in seconds. */
const ANSWER_TIME = 2

/** The load generator that needs no other program, in a process of its own. */
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
    if (load.warmup > 0) await session.run(closedLoop(load.warmup))
    await events.measureStart()
    const tally = await session.run(closedLoop(load.duration))
    await events.measureEnd()
    await session.close()
    return toResult(load, tally, session.tlsCipher)
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

function toResult({ url, duration }: Load, tally: Tally, tlsCipher: string | null): LoadResult {
  const { seconds, succeeded, failed, errored, unanswered } = tally
  if (succeeded + failed + errored === 0) {
    const fault = Object.keys(tally.faults)[0]
    throw new MeasureError(
      'GENERATOR_FAILED',
      `${url} answered no request within ${duration} s${fault === undefined ? '' : `: ${fault}`}.`,
    )
  }
  return {
    duration: seconds,
    requests: {
      total: succeeded + failed + errored + unanswered,
      succeeded,
      failed: failed + errored + unanswered,
      errored,
      timedOut: unanswered,
    },
    latency: latencyOf(tally),
    cpu: tally.cpu,
    tlsCipher,
  }
}
