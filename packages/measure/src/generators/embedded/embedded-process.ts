import { setTimeout as sleep } from 'node:timers/promises'
import tls from 'node:tls'
import { connect } from '../connect'
import { LoadClient } from './load-client'
import { Measurement } from './measurement'
import type { EmbeddedLoad, FromEmbeddedProcess } from './messages'
import { requestsFor } from './requests-for'

/*
 * The process of the embedded load generator: all clients of one load, in one thread.
 */

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
    throw new Error(
      `${load.url} answered no request${fault === undefined ? '' : `: ${fault.message}`}`,
    )
  }
  tellAndExit({ type: 'result', result }, 0)
}

function cipherOf(socket: unknown): string | null {
  if (!(socket instanceof tls.TLSSocket)) return null
  return `${socket.getProtocol()} ${socket.getCipher()?.name ?? ''}`.trim()
}

main().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error)
  tellAndExit({ type: 'failed', message }, 1)
})
