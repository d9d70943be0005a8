import type { ChildProcess } from 'node:child_process'
import { checkAnswer } from '../../answer-check/check-answer'
import { MeasureError } from '../../errors'
import type { HttpVersion } from '../../load/http-version'
import type { Load, LoadEvents, LoadGenerator, LoadResult } from '../load-generator'
import { H2LOAD_ON_PATH, type H2loadProgram, h2loadByCommand } from './h2load-program'
import { MeasuredPart } from './measured-part'
import { mostStreamsOf } from './most-streams'
import { type H2loadReport, parseH2load } from './parse-h2load'
import { unwatchedH2load, watchH2load } from './watch-h2load'

/** The load generator of nghttp2, used when it is on PATH. */
export const h2load: LoadGenerator = h2loadGenerator(H2LOAD_ON_PATH)

/**
 * The load generator of nghttp2, run by a command such as `ssh box h2load`, so that the load comes from another
 * machine. h2load's arguments are appended to the command, which passes on h2load's output.
 *
 * Such an h2load can't be monitored: its CPU time is unknown, and requests in flight on a lost connection are not
 * counted. ssh runs its command through another shell, so the URL must not contain characters special to a shell. If
 * ssh ends, h2load continues until its time is over.
 *
 * @param command split into words as by sh(1)
 * @throws MeasureError `USAGE` if it is empty
 */
export function generatorFrom(command: string): LoadGenerator {
  return h2loadGenerator(h2loadByCommand(command))
}

function h2loadGenerator(program: H2loadProgram): LoadGenerator {
  return {
    name: 'h2load',
    availability: program.availability,
    run: (load, events, signal) => run(program, load, events, signal),
  }
}

async function run(
  program: H2loadProgram,
  load: Load,
  events: LoadEvents,
  signal?: AbortSignal,
): Promise<LoadResult> {
  signal?.throwIfAborted()
  const mostStreams = load.httpVersion === 'h2' ? await mostStreamsOf(load.url) : null
  const mostInFlight = mostStreams === null ? null : Math.min(load.streams, mostStreams)
  const child = await program.start(argumentsFor(load), load.cpus)
  const startWatch = () =>
    program.place === 'here' ? watchH2load(child.pid ?? 0, load) : unwatchedH2load()
  const measured = new MeasuredPart(child, load, events, startWatch)
  let abort = () => {}
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal?.reason)
  })
  signal?.addEventListener('abort', abort, { once: true })
  if (signal?.aborted) abort()
  try {
    const output = await Promise.race([outputOf(program, child), measured.failed, aborted])
    const { cpu, lostConnections, silence } = await measured.result()
    const report = checked(parseH2load(output), load, output)
    checkConnections(load, lostConnections)
    if (silence === null) await checkAnswer(load.url, load.httpVersion, { body: 'any', signal })
    else checkSilence(load, report, silence)
    const each = mostInFlight ?? load.streams
    const lost = Math.max(lostConnections * each, unansweredOf(output, load))
    const { requests, latency, tlsCipher } = withLost(report, lost)
    return {
      duration: load.duration,
      requests,
      latency,
      cpu,
      tlsCipher,
      mostInFlight,
      // It opens no connection again, and has no open loop.
      refusals: null,
      reconnections: null,
      unsent: null,
    }
  } finally {
    signal?.removeEventListener('abort', abort)
    measured.stopWatching()
    child.kill('SIGKILL')
    // Children of the command may outlive it and would keep these open.
    child.stdout?.destroy()
    child.stderr?.destroy()
  }
}

/*
 * --log-file would allow to compute percentiles. It is not used because h2load would write a line for each request,
 * which makes it 40 % slower where it is the bottleneck (async/mini, 5 clients x 100 streams).
 */
function argumentsFor(load: Load): string[] {
  return [
    ...(load.httpVersion === 'http/1.1' ? ['--h1'] : []),
    `--clients=${load.clients}`,
    `--max-concurrent-streams=${load.streams}`,
    // Whole milliseconds, because h2load does not accept fractions.
    `--warm-up-time=${Math.round(load.warmup * 1000)}ms`,
    `--duration=${Math.round(load.duration * 1000)}ms`,
    load.url,
  ]
}

function checked(report: H2loadReport, load: Load, output: string): H2loadReport {
  const spoken = /^Application protocol: (\S+)/m.exec(output)?.[1]
  if (spoken !== undefined && !NAMES[load.httpVersion].includes(spoken)) {
    throw new MeasureError(
      'GENERATOR_FAILED',
      `h2load had to load ${load.url} in ${load.httpVersion}, but they chose ${spoken}.`,
    )
  }
  if (report.requests.total > 0) return report
  throw new MeasureError(
    'GENERATOR_FAILED',
    `h2load got no answer from ${load.url}; its output ends: ${output.trim().slice(-300)}`,
  )
}

/** h2load does not reopen lost connections and continues to count the time. */
function checkConnections({ url, clients }: Load, lost: number): void {
  if (lost < clients) return
  throw new MeasureError(
    'GENERATOR_FAILED',
    `h2load lost all of its ${clients} connections to ${url}, which it does not open again: its figures say nothing.`,
  )
}

/**
 * Whether a server has stopped answering. h2load does not report it, but ends when its time is over. A slow server is
 * silent between answers for as long as they take.
 */
function checkSilence({ url, duration }: Load, { latency }: H2loadReport, silence: number): void {
  const pause = (latency.mean ?? 0) / 1e6
  if (silence <= Math.max(LONGEST_SILENCE * duration, SHORTEST_SILENCE, 4 * pause)) return
  throw new MeasureError(
    'GENERATOR_FAILED',
    `${url} fell silent: h2load read nothing from it in the last ${silence.toFixed(2)} s of ${duration} s.`,
  )
}

/** From this fraction of the measured time, and this many seconds, silence is not just a pause. */
const LONGEST_SILENCE = 0.2
const SHORTEST_SILENCE = 0.2

/** h2load's names of the protocols. It falls back to HTTP/1.1 if a server does not speak HTTP/2. */
const NAMES: Readonly<Record<HttpVersion, readonly string[]>> = {
  h2: ['h2', 'h2c'],
  'http/1.1': ['http/1.1'],
}

/**
 * Counts requests that were neither answered nor in flight when the time was over. If an HTTP/1.1 server closes a
 * connection after a response, h2load silently opens another, and the requests after that response are lost.
 */
function unansweredOf(output: string, { clients, streams }: Load): number {
  const [, started, done] = /^requests: .* (\d+) started, (\d+) done/m.exec(output) ?? []
  return Math.max(0, Number(started ?? 0) - Number(done ?? 0) - clients * streams)
}

/** Adds requests that were in flight on lost connections. */
function withLost(report: H2loadReport, lost: number): H2loadReport {
  const { total, failed, errored } = report.requests
  return {
    ...report,
    requests: {
      ...report.requests,
      total: total + lost,
      failed: failed + lost,
      errored: errored + lost,
    },
  }
}

function outputOf({ name }: H2loadProgram, child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = ''
    let errors = ''
    child.stdout?.on('data', (text: Buffer) => {
      output += text.toString()
    })
    child.stderr?.on('data', (text: Buffer) => {
      errors = (errors + text.toString()).slice(-1000)
    })
    child.once('error', (cause) => {
      reject(
        new MeasureError('GENERATOR_FAILED', `${name} could not start: ${cause.message}.`, {
          cause,
        }),
      )
    })
    child.once('close', (code, killedBy) => {
      if (code === 0) resolve(output)
      else {
        const how = killedBy ?? `exit code ${code}`
        reject(new MeasureError('GENERATOR_FAILED', `${name} ended (${how}): ${errors.trim()}`))
      }
    })
  })
}
