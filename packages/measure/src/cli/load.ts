import { createReadStream } from 'node:fs'
import pc from 'picocolors'
import { MeasureError } from '../errors'
import { checkPermitted, type Permission, permissionFor } from '../load/allowed-hosts'
import type { HttpVersion } from '../load/http-version'
import type { LoadReport } from '../load/load-report'
import { makeReport, wentWell } from '../load/make-report'
import type { LoadPart, LoadPlan } from '../load/plan'
import { startCommandWorker } from '../load/remote/command-worker'
import { type MemberResult, type TeamWorker, WorkerTeam } from '../load/remote/worker-team'
import { startWorker } from '../load/start-worker'
import { negotiateHttpVersion } from '../targets/negotiate-http-version'
import { watchInterruption } from './interruption'
import { LoadProgress } from './load-progress'
import { checkHeaders } from './load-request'
import { type LoadFlags, type LoadSettings, loadSettings, type WorkerChoice } from './load-settings'
import { loadSummary } from './load-summary'
import { serveLoadWorker } from './load-worker'
import { ownVersion } from './own-version'

/** The largest body of a request, in octets. Every worker keeps it in memory. */
const MOST_BODY = 16 * 2 ** 20

/**
 * `h2lab load`: puts load on a server and reports the result.
 *
 * @returns the exit code: 1 unless every request that was due was answered with status 2xx
 */
export async function load(urls: readonly string[], flags: LoadFlags): Promise<number> {
  if (flags.worker === true) return serveLoadWorker(urls, flags)
  const settings = loadSettings(urls, flags)
  const body = await readBody(settings.bodyFile)
  const permission = await permissionFor(settings.origin, settings.ownTarget)
  await checkPermitted(settings.origin, permission)
  const httpVersion = settings.httpVersion ?? (await negotiatedVersion(settings))
  checkHeaders(settings.headers, httpVersion)
  const plan = planOf(settings, httpVersion, body)
  const startedAt = new Date()

  const done = await makeLoad(settings, plan, permission)
  if (done === 'interrupted') {
    process.stderr.write('Interrupted: nothing had been measured.\n')
    return 1
  }
  const report = makeReport(
    {
      ...done,
      startedAt: startedAt.toISOString(),
      asked: askedOf(settings, httpVersion, body?.length ?? 0),
    },
    done.results,
  )
  process.stdout.write(
    settings.json ? `${JSON.stringify(report, undefined, 2)}\n` : loadSummary(report, pc),
  )
  return wentWell(report) ? 0 : 1
}

/** The result of a load by all its workers. */
interface Done extends Pick<LoadReport, 'outcome' | 'tlsCipher'> {
  readonly results: readonly MemberResult[]
}

async function makeLoad(
  { part, warmup, workers: choice }: LoadSettings,
  plan: LoadPlan,
  permission: Permission,
): Promise<Done | 'interrupted'> {
  const progress = new LoadProgress(process.stderr)
  const workers: TeamWorker[] = []
  let team: WorkerTeam | undefined
  const interruption = watchInterruption(() => {
    progress.note(team === undefined ? 'interrupted' : 'interrupted: waiting for the last answers')
    // Workers have no results until they are connected. Ending them rejects whatever is pending.
    if (team === undefined) for (const worker of workers) void worker.end()
  })
  const { signal } = interruption
  try {
    progress.stage('connecting')
    try {
      workers.push(...(await startWorkers(choice, permission, signal)))
      team = await WorkerTeam.connect(workers, plan)
    } catch (error) {
      if (signal.aborted) return 'interrupted'
      throw error
    }
    if (warmup > 0 && !signal.aborted) {
      const onProgress = progress.follow('warming up')
      await team.run(warmupOf(part, warmup), { signal, onProgress })
    }
    if (signal.aborted) return 'interrupted'
    const onProgress = progress.follow('loading')
    const results = await team.run(part, { signal, onProgress })
    return {
      results,
      tlsCipher: team.tlsCipher,
      outcome: signal.aborted ? 'interrupted' : 'completed',
    }
  } finally {
    progress.end()
    await Promise.all(workers.map((worker) => worker.end()))
    interruption.end()
  }
}

/** Starts all workers. If one fails to start, the others are ended. */
async function startWorkers(
  choice: WorkerChoice,
  permission: Permission,
  signal: AbortSignal,
): Promise<TeamWorker[]> {
  const version = ownVersion()
  const starting: Promise<TeamWorker>[] =
    choice.kind === 'processes'
      ? Array.from({ length: choice.count }, (_, index) =>
          startWorker({ name: `process ${index + 1}`, signal }),
        )
      : choice.commands.flatMap((command) =>
          Array.from({ length: choice.each }, (_, index) =>
            startCommandWorker({
              name: choice.each === 1 ? command : `${command}, ${index + 1} of ${choice.each}`,
              command: `${command} ${choice.workerCommand}`,
              permission,
              version,
              signal,
            }),
          ),
        )
  const outcomes = await Promise.allSettled(starting)
  const started = outcomes.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  const fault = outcomes.find((one) => one.status === 'rejected')
  if (fault === undefined) return started
  await Promise.all(started.map((worker) => worker.end()))
  throw fault.reason
}

/** A ramp is warmed up at its initial rate. */
function warmupOf({ loop }: LoadPart, seconds: number): LoadPart {
  const until = { kind: 'time', seconds } as const
  if (loop.kind === 'closed') return { loop, until }
  const { from } = loop.rate
  return { loop: { ...loop, rate: { from, to: from } }, until }
}

async function readBody(file: string | undefined): Promise<Buffer | undefined> {
  if (file === undefined) return undefined
  let body: Buffer
  try {
    body = await readUpTo(file, MOST_BODY + 1)
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    throw new MeasureError('USAGE', `--body ${file} can't be read: ${code ?? message}.`, { cause })
  }
  if (body.length <= MOST_BODY) return body
  throw new MeasureError(
    'USAGE',
    `--body ${file} has more than ${MOST_BODY} octets, which are the most that it may have.`,
  )
}

/** Returns the first octets of a file, which may be endless. */
async function readUpTo(file: string, octets: number): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of createReadStream(file, { end: octets - 1 })) pieces.push(piece)
  return Buffer.concat(pieces)
}

async function negotiatedVersion({ origin, workers }: LoadSettings): Promise<HttpVersion> {
  // Prior knowledge: plain TCP has no negotiation, RFC 9113 section 3.3.
  if (origin.startsWith('http:')) return 'h2'
  try {
    return await negotiateHttpVersion(origin)
  } catch (error) {
    if (workers.kind === 'processes' || !(error instanceof MeasureError)) throw error
    const advice = 'If only the workers can reach it, give its protocol with --http.'
    throw new MeasureError(error.code, `${error.message} ${advice}`, { cause: error })
  }
}

function planOf(settings: LoadSettings, httpVersion: HttpVersion, body?: Buffer): LoadPlan {
  const { origin, connections, streams, answerTime, seed, method, headers, urls } = settings
  return {
    origin,
    httpVersion,
    connections,
    streams,
    answerTime,
    seed,
    requests: urls.map(({ url, weight }) => {
      const { pathname, search } = new URL(url)
      return {
        method,
        path: pathname + search,
        headers: headers.map(([name, value]): [string, string] => [name, value]),
        body: body === undefined ? null : body.toString('base64'),
        weight,
      }
    }),
  }
}

function askedOf(
  { urls, method, headers, connections, streams, part, warmup, answerTime, seed }: LoadSettings,
  httpVersion: HttpVersion,
  bodyOctets: number,
): LoadReport['asked'] {
  return {
    urls: urls.map(({ url, weight }) => ({ url, weight })),
    method,
    headers: headers.map(([name, value]): [string, string] => [name, value]),
    bodyOctets,
    httpVersion,
    connections,
    streams,
    loop: part.loop,
    until: part.until,
    warmup,
    answerTime,
    seed,
  }
}
