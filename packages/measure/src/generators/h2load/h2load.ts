import { type ChildProcess, execFile } from 'node:child_process'
import { MeasureError } from '../../errors'
import { startTied } from '../../processes/tied-program'
import type { Availability, Load, LoadEvents, LoadGenerator, LoadResult } from '../load-generator'
import { MeasuredPart } from './measured-part'
import { type H2loadReport, parseH2load } from './parse-h2load'

/** The load generator of nghttp2, used when it is on PATH. */
export const h2load: LoadGenerator = {
  name: 'h2load',
  availability,
  run,
}

function availability(): Promise<Availability> {
  return new Promise((resolve) => {
    execFile('h2load', ['--version'], (error, stdout) => {
      const version = /nghttp2\/(\S+)/.exec(stdout)?.[1]
      resolve(
        error === null && version !== undefined
          ? { state: 'available', version }
          : { state: 'unavailable', reason: 'h2load is not on PATH (Debian: nghttp2-client)' },
      )
    })
  })
}

async function run(load: Load, events: LoadEvents, signal?: AbortSignal): Promise<LoadResult> {
  signal?.throwIfAborted()
  const child = await startTied('h2load', [
    `--clients=${load.clients}`,
    `--max-concurrent-streams=${load.streams}`,
    // Whole milliseconds: h2load takes no fractions.
    `--warm-up-time=${Math.round(load.warmup * 1000)}ms`,
    `--duration=${Math.round(load.duration * 1000)}ms`,
    load.url,
  ])
  const measured = new MeasuredPart(child, load, events)
  const kill = () => child.kill('SIGKILL')
  measured.failed.catch(kill)
  signal?.addEventListener('abort', kill, { once: true })
  if (signal?.aborted) kill()
  try {
    const output = await Promise.race([outputOf(child), measured.failed])
    const { cpu, lostConnections } = await measured.result()
    const report = checked(parseH2load(output), load, output)
    return { ...withLost(report, lostConnections * load.streams), duration: load.duration, cpu }
  } catch (error) {
    signal?.throwIfAborted()
    throw error
  } finally {
    signal?.removeEventListener('abort', kill)
    measured.stopWatching()
  }
}

function checked(report: H2loadReport, load: Load, output: string): H2loadReport {
  if (report.requests.total > 0) return report
  throw new MeasureError(
    'GENERATOR_FAILED',
    `h2load got no answer from ${load.url}; its output ends: ${output.trim().slice(-300)}`,
  )
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

function outputOf(child: ChildProcess): Promise<string> {
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
        new MeasureError('GENERATOR_FAILED', `h2load could not start: ${cause.message}.`, {
          cause,
        }),
      )
    })
    child.once('close', (code, killedBy) => {
      if (code === 0) resolve(output)
      else {
        const how = killedBy ?? `exit code ${code}`
        reject(new MeasureError('GENERATOR_FAILED', `h2load ended (${how}): ${errors.trim()}`))
      }
    })
  })
}
