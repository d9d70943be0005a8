// What clients cost that do nothing, with TLS: resident memory for each of 5,000, and CPU time per request
// of five busy ones beside 1,000. Needs the build.
//
//   node bench/idle.bench.mjs [repetitions] [clients]
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { estimate } from '@h2lab/measure'
import { withInterval } from '../../measure/bench/support/expectations.mjs'
import { measureInTurns, progress, repetitionsOr } from '../../measure/bench/support/in-turns.mjs'
import { nameOf, startServer, targetOf } from './server-process.mjs'

const repetitions = repetitionsOr(3)
const count = Number(process.argv[3] ?? 5000)
const CLIENTS = fileURLToPath(new URL('idle-clients.mjs', import.meta.url))

/** Code that is compiled and memory that is kept with the first clients isn't the idle ones'. */
const FIRST_CLIENTS = 200

const SERVERS = [
  { method: 'async-custom', protocol: 'mini' },
  { method: 'async-custom', protocol: 'http2' },
  { method: 'async', protocol: 'mini' },
  { method: 'node-http2' },
]

const sizes = new Map(SERVERS.map((description) => [description, []]))
for (let round = 1; round <= repetitions; round++) {
  progress(`${round} of ${repetitions}`)
  for (const description of SERVERS) sizes.get(description).push(await measure(description))
}
progress('')
console.log(`each of ${count} idle clients with TLS, with 95 % intervals`)
console.table(
  Object.fromEntries(
    [...sizes].map(([description, values]) => [
      nameOf(description),
      {
        'KiB of resident memory': withInterval(estimate(values.map(({ memory }) => memory))),
        'us of CPU for a handshake and a request': withInterval(
          estimate(values.map(({ cpu }) => cpu)),
        ),
      },
    ]),
  ),
)

const IDLE = 1000
console.log(`\nus of CPU for each request of 5 clients x 100 streams, beside ${IDLE} idle clients`)
for (const poller of ['epoll', 'poll']) {
  const alone = targetOf({ method: 'async-custom', protocol: 'mini', poller }, 'alone')
  const targets = [alone, besideIdle(alone)]
  const figures = await measureInTurns(targets, { clients: 5, streams: 100 }, 5)
  for (const { name } of targets) {
    console.log(`${poller.padEnd(6)} ${name.padEnd(12)} ${withInterval(figures.of(name))}`)
  }
  console.log(
    `${poller.padEnd(6)} ratio        ${withInterval(figures.ratio('beside idle', 'alone'))}`,
  )
}

/** The memory of an idle client in KiB, and what its arrival costs, in microseconds. */
async function measure(description) {
  const server = await startServer({ ...description, tls: true })
  try {
    await (await idleClients(server.url, FIRST_CLIENTS))()
    const before = await server.collect()
    const end = await idleClients(server.url, count)
    await sleep(1000)
    const after = await server.collect()
    await end()
    return {
      memory: (after.rss - before.rss) / count / 1024,
      cpu: (after.cpu - before.cpu) / count,
    }
  } finally {
    await server.end()
  }
}

/** The same target, with clients that do nothing. */
function besideIdle(target) {
  return {
    ...target,
    name: 'beside idle',
    async start(setup) {
      const server = await target.start(setup)
      const end = await idleClients(server.url, IDLE)
      return {
        ...server,
        async stop() {
          await end()
          await server.stop()
        },
      }
    },
  }
}

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
