// TLS handshakes of a server, full and resumed, with one request behind each: CPU time of the server for each,
// and how many a second, beside node:http2. The servers take turns and are started anew for each repetition, and several
// processes are their clients. Needs the build.
//
//   node bench/handshakes.bench.mjs [repetitions] [client processes] [handshakes of each]
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { estimate, estimateRatio } from '@h2lab/measure'
import { withInterval } from '../../measure/bench/support/expectations.mjs'
import { progress, repetitionsOr } from '../../measure/bench/support/in-turns.mjs'
import { nameOf, startServer } from './server-process.mjs'

const CLIENT = fileURLToPath(new URL('handshake-clients.mjs', import.meta.url))
const HANDSHAKES = Number(process.argv[4] ?? 300)

const repetitions = repetitionsOr(5)
const processes = Number(process.argv[3] ?? 2)

const SERVERS = [{ method: 'async-custom', protocol: 'http2' }, { method: 'node-http2' }]
const [ours, node] = SERVERS.map(nameOf)

for (const kind of ['full', 'resumed']) {
  const results = new Map(SERVERS.map((description) => [nameOf(description), []]))
  for (let round = 1; round <= repetitions; round++) {
    progress(`${kind}: ${round} of ${repetitions}`)
    for (const description of SERVERS) {
      results.get(nameOf(description)).push(await measure(description, kind))
    }
  }
  progress('')
  console.log(`\n${kind} handshakes, with 95 % intervals`)
  console.table(
    Object.fromEntries(
      [...results].map(([name, values]) => [
        name,
        {
          'us of CPU a handshake': withInterval(estimate(values.map(({ cpu }) => cpu))),
          'handshakes a second': withInterval(estimate(values.map(({ rate }) => rate))),
        },
      ]),
    ),
  )
  const ratio = estimateRatio(
    results.get(ours).map(({ cpu }, round) => ({ of: cpu, by: results.get(node)[round].cpu })),
  )
  console.log(`  CPU time of ${ours} to ${node}: ${withInterval(ratio)}`)
}

/** A new server's CPU time for a handshake, in microseconds, and how many it makes a second. */
async function measure(description, kind) {
  const server = await startServer({ ...description, tls: true })
  try {
    await handshakes(server.url, kind)
    const before = await server.usage()
    const rate = await handshakes(server.url, kind)
    const after = await server.usage()
    return { cpu: (after.cpu - before.cpu) / (HANDSHAKES * processes), rate }
  } finally {
    await server.end()
  }
}

/** Makes handshakes in several processes at once; returns how many a second. */
async function handshakes(url, kind) {
  const args = [CLIENT, url, kind, String(HANDSHAKES)]
  const clients = Array.from({ length: processes }, () =>
    promisify(execFile)(process.execPath, args),
  )
  const rates = (await Promise.all(clients)).map(({ stdout }) => JSON.parse(stdout).rate)
  return rates.reduce((sum, rate) => sum + rate, 0)
}
