import { build } from 'hdr-histogram-js'
import { expect, test } from 'vitest'
import { MeasureError } from '../../../src'
import { encodeLatencies } from '../../../src/load/latencies'
import type { RunPartOptions } from '../../../src/load/load-worker'
import type { LoadPart, LoadPlan } from '../../../src/load/plan'
import { type TeamWorker, WorkerTeam } from '../../../src/load/remote/worker-team'
import type { Tally } from '../../../src/load/tally'

const plan: LoadPlan = {
  origin: 'http://127.0.0.1:1',
  httpVersion: 'h2',
  connections: 4,
  streams: 1,
  requests: [{ method: 'GET', path: '/', headers: [], body: null, weight: 1 }],
  answerTime: 1,
  seed: 1,
}

const closed: LoadPart = { loop: { kind: 'closed' }, until: { kind: 'time', seconds: 1 } }

const tally: Tally = {
  seconds: 1,
  started: 5,
  succeeded: 5,
  failed: 0,
  errored: 0,
  unanswered: 0,
  statuses: { 200: 5 },
  faults: {},
  refusals: 0,
  reconnections: 0,
  mostInFlight: 1,
  mostStreams: null,
  unsent: 0,
  cpu: 1,
  latencies: encodeLatencies(build()),
}

/** A worker so far away, in seconds there and back, and what it was told. */
function workerAt(name: string, roundTrip: number, fault?: Error) {
  const told: { part: LoadPart; options: RunPartOptions | undefined }[] = []
  const worker: TeamWorker = {
    name,
    ping: async () => roundTrip,
    connect: async () => ({
      tlsCipher: null,
      async run(part, options) {
        told.push({ part, options })
        if (fault !== undefined) throw fault
        return tally
      },
      close: async () => {},
    }),
    end: async () => {},
  }
  return { worker, told }
}

test('who is nearer waits longer, for half the difference of the ways there and back', async () => {
  const workers = [workerAt('here', 0), workerAt('near', 0.1), workerAt('far', 0.5)]
  const team = await WorkerTeam.connect(
    workers.map(({ worker }) => worker),
    plan,
  )
  await team.run(closed)
  expect(workers.map(({ told }) => told[0]?.options?.delay)).toEqual([0.25, 0.2, 0])
})

test('constant arrivals of several workers come in turns', async () => {
  const workers = [workerAt('one', 0), workerAt('other', 0)]
  const team = await WorkerTeam.connect(
    workers.map(({ worker }) => worker),
    plan,
  )
  const rate = { from: 100, to: 100 }
  await team.run({ ...closed, loop: { kind: 'open', rate, arrivals: 'constant' } })
  expect(workers.map(({ told }) => told[0]?.options?.delay)).toEqual([0, 0.01])
  expect(workers.map(({ told }) => told[0]?.part.loop)).toMatchObject([
    { rate: { from: 50, to: 50 } },
    { rate: { from: 50, to: 50 } },
  ])
})

test('a lost worker is told nothing more, and its reason has not its name', async () => {
  const gone = new MeasureError('GENERATOR_FAILED', 'The load worker gone ended (SIGKILL).')
  const [kept, lost] = [workerAt('kept', 0), workerAt('gone', 0, gone)]
  const team = await WorkerTeam.connect([kept.worker, lost.worker], plan)
  const outcome = [
    { name: 'kept', connections: 2, state: 'completed', tally },
    { name: 'gone', connections: 2, state: 'lost', reason: 'ended (SIGKILL)' },
  ]
  expect(await team.run(closed)).toMatchObject(outcome)
  expect(await team.run(closed)).toMatchObject(outcome)
  expect(kept.told).toHaveLength(2)
  expect(lost.told).toHaveLength(1)
})
