// CPU time of the server per request, side by side: the servers take turns, and are started anew for each
// repetition. Needs the build.
//
//   node bench/requests.bench.mjs [repetitions] [--plain]
import { withInterval } from '../../measure/bench/support/expectations.mjs'
import { measureInTurns, repetitionsOr } from '../../measure/bench/support/in-turns.mjs'
import { nameOf, targetOf } from './server-process.mjs'

const repetitions = repetitionsOr(5)
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
  { clients: 5, streams: 100 },
  { clients: 100, streams: 1 },
]

const [first] = SERVERS.map(nameOf)
const targets = SERVERS.map((description) => targetOf(description))
for (const load of LOADS) {
  const figures = await measureInTurns(targets, { ...load, tls }, repetitions)
  console.log(`\n${tls ? 'TLS' : 'plain'}, ${load.clients} clients x ${load.streams} streams`)
  console.table(
    Object.fromEntries(
      targets.map(({ name }) => [
        name,
        {
          'us of CPU a request': withInterval(figures.of(name)),
          [`to ${first}`]: name === first ? '' : withInterval(figures.ratio(name, first)),
          'requests a second': withInterval(figures.of(name, 'requestsPerSecond')),
        },
      ]),
    ),
  )
}
