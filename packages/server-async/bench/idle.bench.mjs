// What clients cost that do nothing, with TLS: resident memory for each of 5,000, and CPU time per request
// of five busy ones beside 1,000. Needs h2load and the build.
//
//   node bench/idle.bench.mjs [clients]
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { load, median, startServer } from './server-process.mjs'

const count = Number(process.argv[2] ?? 5000)
const CLIENTS = fileURLToPath(new URL('idle-clients.mjs', import.meta.url))

const SERVERS = [
  { method: 'async-custom', protocol: 'mini' },
  { method: 'async-custom', protocol: 'http2' },
  { method: 'async', protocol: 'mini' },
  { method: 'node-http2' },
]

async function idleClients(url, number) {
  const child = fork(CLIENTS, [url, String(number)])
  const [message] = await once(child, 'message')
  if (message !== 'connected') throw new Error('The clients could not connect.')
  return async () => {
    const ended = once(child, 'exit')
    child.disconnect()
    await ended
  }
}

const nameOf = (description) => Object.values(description).join(' ').padEnd(24)

console.log(`resident memory for each of ${count} idle clients with TLS`)
for (const description of SERVERS) {
  const server = await startServer({ ...description, tls: true })
  // Code that is compiled and memory that is kept with the first clients isn't theirs.
  await load(server.url, { requests: 2000, clients: 100, streams: 10 })
  const before = await server.collect()
  const end = await idleClients(server.url, count)
  await sleep(1000)
  const after = await server.collect()
  const each = (after.rss - before.rss) / count / 1024
  const time = (after.cpu - before.cpu) / count
  console.log(
    `${nameOf(description)} ${each.toFixed(1).padStart(6)} KiB; a handshake and a request: ${time.toFixed(0)} us of CPU`,
  )
  await end()
  await server.end()
}

const BUSY = { clients: 5, streams: 100, requests: 100_000 }
console.log('\nus of CPU for each request of 5 clients x 100 streams, beside idle clients')
for (const poller of ['epoll', 'poll']) {
  const servers = []
  for (const idle of [0, 1000]) {
    const server = await startServer({
      method: 'async-custom',
      protocol: 'mini',
      poller,
      tls: true,
    })
    const end = idle === 0 ? async () => {} : await idleClients(server.url, idle)
    servers.push({ idle, server, end, times: [] })
  }
  for (let round = 0; round < 6; round++) {
    for (const { server, times } of servers) {
      const before = await server.usage()
      await load(server.url, BUSY)
      const after = await server.usage()
      // The first round warms up.
      if (round > 0) times.push((after.cpu - before.cpu) / BUSY.requests)
    }
  }
  for (const { idle, server, end, times } of servers) {
    const [least, middle] = [Math.min(...times), median(times)].map((time) => time.toFixed(2))
    console.log(`${poller.padEnd(6)} ${String(idle).padStart(5)} idle: ${middle} (least ${least})`)
    await end()
    await server.end()
  }
}
