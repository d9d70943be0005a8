import { setTimeout as sleep } from 'node:timers/promises'
import tls from 'node:tls'
import { MeasureError } from '../../errors'
import { connect } from '../connect'
import { LoadClient } from './load-client'
import { Measurement } from './measurement'
import type { EmbeddedLoad, FromEmbeddedProcess } from './messages'
import { requestsFor } from './requests-for'

/*
 * The process of the embedded load generator: all clients of one load, in one thread.
 */

/** How long a server may take to send its SETTINGS on all connections, in milliseconds. */
const SETTINGS_TIME = 10_000

function tell(message: FromEmbeddedProcess): void {
  process.send?.(message)
}

/** At once, not when the server has closed its side of the connections: it may never do so. */
function tellAndExit(message: FromEmbeddedProcess, code: number): void {
  process.send?.(message, undefined, undefined, () => process.exit(code))
}

async function main(): Promise<void> {
  const load = JSON.parse(process.argv[2] ?? '') as EmbeddedLoad
  process.on('disconnect', () => process.exit())
  process.on('SIGINT', () => {})

  const url = new URL(load.url)
  const makeProtocol = requestsFor(url, load.httpVersion)
  const sockets = await Promise.all(
    Array.from({ length: load.clients }, () => connect(url, load.httpVersion)),
  )
  const measurement = new Measurement()
  const clients = sockets.map(
    (socket) => new LoadClient(socket, makeProtocol, load.streams, measurement),
  )
  if (load.httpVersion === 'h2') await allHeard(clients)
  await sleep(load.warmup * 1000)
  tell({ type: 'measure-start' })
  measurement.begin()
  await sleep(load.duration * 1000)
  const timedOut = clients.reduce((sum, client) => sum + client.openSince(measurement.beganAt), 0)
  const result = measurement.end(timedOut, cipherOf(sockets[0]))
  tell({ type: 'measure-end' })
  for (const client of clients) client.stop()
  if (result.requests.total === result.requests.timedOut) {
    const fault = clients.find(({ error }) => error !== undefined)?.error
    const { url, duration } = load
    if (fault !== undefined) throw new Error(`${url} answered no request: ${fault.message}`)
    throw new Error(`${url} answered no request within ${duration} s`)
  }
  tellAndExit({ type: 'result', result }, 0)
}

/**
 * A connection is accepted before anybody serves it. In HTTP/2 a server that serves it sends its
 * SETTINGS (RFC 9113 section 3.4); in HTTP/1.1 it has nothing to say before the first response.
 */
async function allHeard(clients: readonly LoadClient[]): Promise<void> {
  const given = new AbortController()
  const giveUp = async () => {
    await sleep(SETTINGS_TIME, undefined, { signal: given.signal })
    throw new MeasureError('TIMED_OUT', `no SETTINGS came within ${SETTINGS_TIME} ms`)
  }
  const heard = Promise.all(clients.map((client) => client.heard))
  await Promise.race([heard, giveUp()]).finally(() => given.abort())
}

function cipherOf(socket: unknown): string | null {
  if (!(socket instanceof tls.TLSSocket)) return null
  return `${socket.getProtocol()} ${socket.getCipher()?.name ?? ''}`.trim()
}

main().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error)
  const timedOut = error instanceof MeasureError && error.code === 'TIMED_OUT'
  tellAndExit({ type: 'failed', code: timedOut ? 'TIMED_OUT' : 'GENERATOR_FAILED', message }, 1)
})
