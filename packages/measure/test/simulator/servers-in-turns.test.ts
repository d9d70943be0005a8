import { devTls } from '@h2lab/tls-context'
import { describe, expect, onTestFinished, test } from 'vitest'
import {
  CLIPS,
  defineExperiment,
  findTarget,
  type HttpVersion,
  type LoadVariables,
  remoteTarget,
  runExperiment,
  type ServersInTurnsOptions,
  serversInTurns,
  TARGETS,
  type Target,
  type TrialOutcome,
} from '../../src'
import { nodeServer } from '../support/node-server'
import { allGone, descendantsOf, HAS_PROC } from '../support/processes'

const tls = await devTls()

/** As short as it goes on a machine that has other things to do. */
const SHORT = { tls, duration: 0.1, slice: 0.05, warmup: 0.1 }

interface Wanted {
  readonly implementations: readonly string[]
  readonly options?: Partial<ServersInTurnsOptions>
  readonly rate?: number
  readonly withTls?: boolean
}

async function outcomesOf({
  implementations,
  options,
  rate,
  withTls = false,
}: Wanted): Promise<TrialOutcome<LoadVariables>[]> {
  const experiment = defineExperiment({
    name: 'turns',
    title: 'servers in turns',
    variables: {
      scenario: [{ clients: 2, tls: withTls }],
      streams: [5],
      rate: [rate],
      implementation: implementations,
    },
    simulator: serversInTurns({ ...SHORT, ...options }),
    clips: CLIPS,
  })
  const outcomes = []
  for await (const outcome of runExperiment(experiment)) outcomes.push(outcome)
  return outcomes
}

/** A server of this process, whose processes nobody can tell apart. */
function targetAt(name: string, url: string, httpVersion: HttpVersion = 'h2'): Target {
  return { ...remoteTarget(url, httpVersion), name, kind: 'peer' }
}

describe('servers in turns', () => {
  test('are measured with all that clips ask for', async () => {
    const implementations = ['async/mini', 'node-http2', 'node-https']
    const outcomes = await outcomesOf({ implementations, withTls: true })
    expect(outcomes.map(({ variables }) => variables.implementation)).toEqual(implementations)
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({
        outcome: 'completed',
        columns: {
          requestsFailed: 0,
          requestsTimedOut: 0,
          requestsUnsent: 0,
          refusals: 0,
          reconnections: 0,
          mostInFlight: 5,
          tlsCipher: expect.stringMatching(/^TLSv1\.3 /),
        },
      })
      if (outcome.outcome === 'failed') continue
      const { columns } = outcome
      for (const column of ['duration', 'requestsPerSecond', 'latencyP99', 'warmup'] as const) {
        expect(columns[column]).toBeGreaterThan(0)
      }
      expect(columns['duration']).toBeGreaterThanOrEqual(SHORT.duration)
      expect(columns['slices']).toBeGreaterThan(0)
      expect(columns['serverPeakMemory']).toBeGreaterThan(2 ** 20)
      if (!HAS_PROC) continue
      expect(columns['serverCpuPerRequest']).toBeGreaterThan(0)
      expect(columns['generatorCpuPerRequest']).toBeGreaterThan(0)
      expect(columns['othersUtilisation']).toBeGreaterThanOrEqual(0)
    }
  })

  test.skipIf(!HAS_PROC)('leave no process behind', async () => {
    const before = descendantsOf(process.pid).map(({ pid }) => pid)
    await outcomesOf({ implementations: ['async/mini', 'node-http2'] })
    const left = descendantsOf(process.pid).filter(({ pid }) => !before.includes(pid))
    await allGone(left.filter(({ command }) => /server-process|load-worker/.test(command)))
  })

  test.skipIf(!HAS_PROC)(
    'fail when their generator dies; the next repetition has another',
    async () => {
      const experiment = defineExperiment({
        name: 'turns',
        title: 'servers in turns',
        variables: {
          scenario: [{ clients: 1, tls: false }],
          streams: [5],
          implementation: ['async/mini', 'node-http2'],
        },
        simulator: serversInTurns({ ...SHORT, duration: 0.5 }),
        clips: CLIPS,
      })
      const kill = () => {
        const workers = descendantsOf(process.pid).filter(({ command }) =>
          /load-worker/.test(command),
        )
        for (const { pid } of workers) process.kill(pid, 'SIGKILL')
        return workers.length > 0
      }
      const outcomes = []
      const killing = setInterval(() => {
        if (kill()) clearInterval(killing)
      }, 10)
      onTestFinished(() => clearInterval(killing))
      for await (const outcome of runExperiment(experiment, { repeat: 2 })) outcomes.push(outcome)
      const [first, second, third, fourth] = outcomes
      for (const one of [first, second]) {
        expect(one).toMatchObject({ outcome: 'failed', error: { code: 'GENERATOR_FAILED' } })
      }
      for (const one of [third, fourth]) {
        if (one?.outcome !== 'completed') throw one?.error
      }
    },
  )

  test('are offered the same rate, if there is one', async () => {
    const rate = 1000
    const implementations = ['async/mini', 'node-http2']
    const outcomes = await outcomesOf({ implementations, rate, options: { duration: 0.2 } })
    for (const outcome of outcomes) {
      if (outcome.outcome === 'failed') throw outcome.error
      const { requestsTotal, requestsUnsent, slices } = outcome.columns
      const offered = Number(requestsTotal) + Number(requestsUnsent)
      expect(offered).toBeCloseTo(rate * SHORT.slice * Number(slices), -1)
    }
  })

  test('whose CPU time is unknown have rates only', async () => {
    const { url } = await nodeServer((exchange) => exchange.answer())
    const targets = [targetAt('elsewhere', url)]
    const [outcome] = await outcomesOf({ implementations: ['elsewhere'], options: { targets } })
    expect(outcome).toMatchObject({
      outcome: 'completed',
      columns: {
        serverCpuPerRequest: null,
        serverUtilisation: null,
        serverPeakMemory: null,
        requestsFailed: 0,
      },
    })
  })
})

describe('a server in turns', () => {
  /** Measures a server of this process beside a good one. */
  async function besideGood(onRequest: Parameters<typeof nodeServer>[0]) {
    const { url } = await nodeServer(onRequest)
    const targets = [targetAt('bad', url), findTarget('async/mini')!]
    const implementations = ['bad', 'async/mini']
    const [bad, good] = await outcomesOf({ implementations, options: { targets } })
    expect(good).toMatchObject({ outcome: 'completed' })
    return { bad, url }
  }

  test('that falls silent fails, and says so', async () => {
    const { bad, url } = await besideGood((exchange, request) => {
      if (request <= 300) exchange.answer()
    })
    expect(bad).toMatchObject({
      outcome: 'failed',
      error: {
        code: 'SERVER_FAILED',
        message: expect.stringMatching(
          `^${url} fell silent: \\d+ of \\d+ requests had no answer 5 s later\\.$`,
        ),
      },
    })
  })

  describe('at an offered rate', () => {
    /** Measures a server of this process at a rate, in a single slice. */
    async function atRate(rate: number, onRequest: Parameters<typeof nodeServer>[0]) {
      const { url } = await nodeServer(onRequest)
      const targets = [targetAt('elsewhere', url)]
      const options = { targets, duration: 0.3, slice: 0.3, warmup: 0 }
      const [outcome] = await outcomesOf({ implementations: ['elsewhere'], options, rate })
      return outcome
    }

    test('that is far behind, but still answers, is measured: that is what was to be found', async () => {
      const waiting: (() => void)[] = []
      const answering = setInterval(() => waiting.shift()?.(), 800)
      onTestFinished(() => clearInterval(answering))
      const outcome = await atRate(100, (exchange, request) => {
        if (request <= 2) exchange.answer()
        else waiting.push(() => exchange.answer())
      })
      if (outcome?.outcome !== 'completed') throw outcome?.error
      expect(outcome.columns['requestsSucceeded']).toBeGreaterThan(0)
      expect(outcome.columns['requestsTimedOut']).toBeGreaterThan(0)
      expect(outcome.columns['requestsUnsent']).toBeGreaterThan(0)
    })

    test('that falls silent fails', async () => {
      const outcome = await atRate(100, (exchange, request) => {
        if (request <= 10) exchange.answer()
      })
      expect(outcome).toMatchObject({ outcome: 'failed', error: { code: 'SERVER_FAILED' } })
    })

    test('that keeps up is not said to be limited by a generator that waits for due times', async () => {
      const outcome = await atRate(1000, (exchange) => exchange.answer())
      if (outcome?.outcome !== 'completed') throw outcome?.error
      if (outcome.columns['requestsUnsent'] === 0) {
        expect(outcome.columns['limit']).not.toBe('generator')
      }
    })

    test('is measured for the whole turn, however early its last request was due', async () => {
      const outcome = await atRate(5, (exchange) => exchange.answer())
      expect(outcome).toMatchObject({ outcome: 'completed' })
      if (outcome?.outcome !== 'completed') return
      expect(outcome.columns['duration']).toBeGreaterThanOrEqual(0.3)
    })
  })

  test('that answers nothing with success fails, with what it answers', async () => {
    // The check of the answer comes first.
    const { bad, url } = await besideGood((exchange, request) => {
      exchange.answer(request <= 2 ? 200 : 503)
    })
    expect(bad).toMatchObject({
      outcome: 'failed',
      error: {
        code: 'SERVER_FAILED',
        message: expect.stringMatching(
          `^${url} answered none of \\d+ requests successfully: \\d+ times status 503\\.$`,
        ),
      },
    })
  })

  test('that refuses all requests fails, and says so', async () => {
    const { bad, url } = await besideGood((exchange, request) => {
      if (request <= 2) exchange.answer()
      else exchange.refuse()
    })
    expect(bad).toMatchObject({
      outcome: 'failed',
      error: {
        code: 'SERVER_FAILED',
        message: expect.stringMatching(
          `^${url} answered none of \\d+ requests successfully: \\d+ times REFUSED_STREAM`,
        ),
      },
    })
  })

  test('that gives the wrong answer fails before it is loaded', async () => {
    const { bad } = await besideGood((exchange) => exchange.answer(404))
    expect(bad).toMatchObject({ outcome: 'failed', error: { code: 'WRONG_ANSWER' } })
  })

  test('that answers some with another status is measured, and they are counted', async () => {
    const { bad } = await besideGood((exchange, request) => {
      exchange.answer(request > 2 && request % 2 === 0 ? 503 : 200)
    })
    if (bad?.outcome !== 'completed') throw bad?.error
    expect(bad.columns['requestsFailed']).toBeGreaterThan(0)
    expect(bad.columns['requestsSucceeded']).toBeGreaterThan(0)
  })

  test('whose process ends fails, with what the process says', async () => {
    const mini = findTarget('async/mini')!
    const dying: Target = {
      ...mini,
      name: 'dying',
      async start(setup) {
        const server = await mini.start(setup)
        const timer = setTimeout(() => process.kill(server.pid!, 'SIGKILL'), 300)
        onTestFinished(() => clearTimeout(timer))
        return server
      },
    }
    const targets = [dying, mini]
    const implementations = ['dying', 'async/mini']
    const options = { targets, duration: 0.6 }
    const [bad, good] = await outcomesOf({ implementations, options })
    expect(good).toMatchObject({ outcome: 'completed' })
    expect(bad).toMatchObject({
      outcome: 'failed',
      error: {
        code: 'SERVER_FAILED',
        message: "The server's process ended (SIGKILL): it said nothing.",
      },
    })
  })

  test('that does not exist is named, with those that do', async () => {
    const [outcome] = await outcomesOf({ implementations: ['async/maxi'] })
    const names = TARGETS.map(({ name }) => name).join(', ')
    expect(outcome).toMatchObject({
      outcome: 'failed',
      error: {
        code: 'TARGET_UNAVAILABLE',
        message: `There is no target "async/maxi": it must be one of ${names}.`,
      },
    })
  })
})
