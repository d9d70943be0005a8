// CPU time of the server per request, side by side: the servers take turns, so that a disturbance of the
// machine hits all of them. Needs h2load and the build.
//
//   node bench/requests.bench.mjs [rounds] [--plain]
import { load, median, startServer } from './server-process.mjs'

const rounds = Number(process.argv[2] ?? 5)
const tls = !process.argv.includes('--plain')

const SERVERS = [
  { method: 'async', protocol: 'mini' },
  { method: 'async-custom', protocol: 'mini' },
  { method: 'async-custom', protocol: 'mini', gather: false },
  { method: 'async-custom', protocol: 'mini', poller: 'poll' },
  { method: 'async', protocol: 'http2' },
  { method: 'async-custom', protocol: 'http2' },
  { method: 'node-http2' },
]

const LOADS = [
  { clients: 5, streams: 100, requests: 100_000 },
  { clients: 100, streams: 1, requests: 60_000 },
]

const nameOf = ({ gather = true, ...others }) =>
  Object.values(others).join(' ') + (gather ? '' : ' without gathering')

const servers = await Promise.all(
  SERVERS.map(async (description) => ({
    name: nameOf(description),
    ...(await startServer({ ...description, tls })),
  })),
)
for (const how of LOADS) {
  const results = new Map(servers.map((server) => [server, { cpu: [], rate: [] }]))
  // The first round warms up.
  for (let round = 0; round <= rounds; round++) {
    for (const server of servers) {
      const before = await server.usage()
      const rate = await load(server.url, how)
      const after = await server.usage()
      if (round === 0) continue
      results.get(server).cpu.push((after.cpu - before.cpu) / how.requests)
      results.get(server).rate.push(rate)
    }
  }
  console.log(`\n${tls ? 'TLS' : 'plain'}, ${how.clients} clients x ${how.streams} streams`)
  for (const [{ name }, { cpu, rate }] of results) {
    const [least, middle] = [Math.min(...cpu), median(cpu)].map((time) => time.toFixed(2))
    console.log(
      `${name.padEnd(38)} ${middle.padStart(6)} us of CPU a request (least ${least}), ${Math.round(median(rate))} requests/s`,
    )
  }
}
await Promise.all(servers.map((server) => server.end()))
