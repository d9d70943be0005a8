import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Client } from '../clients/client'
import { ask } from '../clients/question'
import { Random } from '../clients/random'
import { Tally } from '../clients/tally'
import { findServer } from '../servers/soaked-server'

/*
 * Transfers 10 MiB in both directions through `lossy-link.mjs`, in the network namespace of this process. The argument is
 * the name of the server. Prints what came of it as JSON.
 */

/** What came of a transfer. */
export interface LossyTransfer {
  /** Of three: a download, an upload, and a request behind them. */
  readonly right: number
  /** Faults in words. */
  readonly words: readonly string[]
  /** How the server ended after SIGTERM. */
  readonly end: string
  readonly milliseconds: number
  /** How many segments TCP has sent again. */
  readonly retransmitted: number
}

const MIB = 1_048_576
const LINK = fileURLToPath(new URL('../network/lossy-link.mjs', import.meta.url))
/** The server's address, and the one that leads to it through the link. */
const SERVER_HOST = '10.0.0.1'
const CLIENT_HOST = '10.0.0.2'

const link = spawn(process.execPath, [LINK], { stdio: ['ignore', 'pipe', 'inherit'] })
process.on('exit', () => link.kill('SIGKILL'))
await Promise.race([
  once(link.stdout, 'data'),
  once(link, 'exit').then(() => Promise.reject(new Error('There is no link.'))),
])

const [name = '', transport = '--tls'] = process.argv.slice(2)
const server = findServer(name, transport === '--tls')
if (server === undefined) throw new Error(`There is no server ${name}.`)
const certificate = transport === '--tls' ? ['--dev-certificate-anywhere'] : []
const program = await server.start(['--host', SERVER_HOST, ...certificate])
const url = new URL(`${program.url.protocol}//${CLIENT_HOST}:${program.url.port}/`)
const tally = new Tally()
const random = new Random(1)
const begin = performance.now()
const client = await Client.open(url, tally)
await Promise.all([
  client.ask(ask(random, server.answersTo, { octets: 10 * MIB })),
  client.ask(ask(random, server.answersTo, { octets: 64, body: 10 * MIB })),
])
// A part of an upload that is not wanted may have been under way.
await client.ask(ask(random, server.answersTo, { octets: 1000 }))
const milliseconds = Math.round(performance.now() - begin)
await client.leave()
const { right, words } = tally
const end = await program.terminate()
const transfer: LossyTransfer = {
  right,
  words,
  end,
  milliseconds,
  retransmitted: retransmittedSegments(),
}
process.stdout.write(`${JSON.stringify(transfer)}\n`)
process.exit()

/** How many segments this namespace has sent again: the Tcp lines of /proc/net/snmp, proc(5). */
function retransmittedSegments(): number {
  const lines = readFileSync('/proc/self/net/snmp', 'latin1').split('\n')
  const [names = [], values = []] = lines
    .filter((line) => line.startsWith('Tcp:'))
    .map((line) => line.split(' '))
  return Number(values[names.indexOf('RetransSegs')])
}
