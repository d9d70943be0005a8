import { runProgram } from '../run-program'
import type { HttpVersion } from './by-http-version'

/** The load that h2load generates. */
export interface H2load {
  readonly requests: number
  readonly clients: number
  /** Requests in flight on each connection. */
  readonly streams: number
  /** Default 2. With 1.1, requests in flight are pipelined. */
  readonly httpVersion?: HttpVersion
}

/** The outcome of the requests. */
export interface H2loadResult {
  readonly succeeded: number
  readonly failed: number
  readonly errored: number
  readonly timedOut: number
  /** Responses with a status from 200 to 299. */
  readonly ok: number
}

/** Makes requests as fast as the server answers, with h2load. */
export async function h2load(url: string, load: H2load): Promise<H2loadResult> {
  const { requests, clients, streams, httpVersion = '2' } = load
  const version = httpVersion === '1.1' ? ['--h1'] : []
  const args = [...version, '-n', requests, '-c', clients, '-m', streams, '-T', '20', url].map(
    String,
  )
  const { code, stdout, stderr } = await runProgram('h2load', args)
  const counts = /^requests: .*?(\d+) succeeded, (\d+) failed, (\d+) errored, (\d+) timeout$/m.exec(
    stdout,
  )
  const ok = /^status codes: (\d+) 2xx/m.exec(stdout)
  if (counts === null || ok === null) {
    throw new Error(`h2load ended with ${code} and printed no result: ${stdout}${stderr}`)
  }
  const [succeeded, failed, errored, timedOut] = counts.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
  ]
  return { succeeded, failed, errored, timedOut, ok: Number(ok[1]) }
}
