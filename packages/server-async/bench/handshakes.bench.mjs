// TLS handshakes of a server, full and resumed, with one request behind each: CPU time of the server for each,
// and how many a second, beside node:http2. The servers take turns, and several processes are its clients. Needs the build.
//
//   node bench/handshakes.bench.mjs [rounds] [client processes] [handshakes of each]
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { median, startServer } from './server-process.mjs'

const CLIENT = fileURLToPath(new URL('handshake-clients.mjs', import.meta.url))
const HANDSHAKES = Number(process.argv[4] ?? 300)

const rounds = Number(process.argv[2] ?? 5)
const processes = Number(process.argv[3] ?? 2)

const SERVERS = [{ method: 'async-custom', protocol: 'http2' }, { method: 'node-http2' }]

const servers = await Promise.all(
  SERVERS.map(async (description) => ({
    name: Object.values(description).join(' '),
    ...(await startServer({ ...description, tls: true })),
  })),
)

/** Makes handshakes in several processes at once; returns how many a second. */
async function handshakes(url, kind) {
  const args = [CLIENT, url, kind, String(HANDSHAKES)]
  const clients = Array.from({ length: processes }, () =>
    promisify(execFile)(process.execPath, args),
  )
  const rates = (await Promise.all(clients)).map(({ stdout }) => JSON.parse(stdout).rate)
  return rates.reduce((sum, rate) => sum + rate, 0)
}

for (const kind of ['full', 'resumed']) {
  const results = new Map(servers.map((server) => [server, { cpu: [], rate: [] }]))
  // The first round warms up.
  for (let round = 0; round <= rounds; round++) {
    for (const server of servers) {
      const before = await server.usage()
      const rate = await handshakes(server.url, kind)
      const after = await server.usage()
      if (round === 0) continue
      results.get(server).cpu.push((after.cpu - before.cpu) / (HANDSHAKES * processes))
      results.get(server).rate.push(rate)
    }
  }
  console.log(`\n${kind} handshakes`)
  for (const [{ name }, { cpu, rate }] of results) {
    const [least, middle] = [Math.min(...cpu), median(cpu)].map(Math.round)
    console.log(
      `${name.padEnd(24)} ${middle} us of CPU a handshake (least ${least}), ${Math.round(median(rate))} handshakes/s`,
    )
  }
}
await Promise.all(servers.map((server) => server.end()))
