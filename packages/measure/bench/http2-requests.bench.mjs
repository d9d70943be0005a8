import { expectAtMost, withInterval } from './support/expectations.mjs'
import { benchTargets, measureInTurns, repetitionsOr } from './support/in-turns.mjs'

/*
 * What a small request costs the server, over TLS with 5 clients x 100 streams: the protocol
 * `http2` with a handler behind it, beside the speed limit and node:http2.
 *
 *   node bench/http2-requests.bench.mjs [repetitions]
 */

const NAMES = [
  'node-http2',
  'async/mini',
  'async/http2, sendPrebuilt',
  'async/http2, send',
  'async/http2, toHandler(hono)',
  'hono on @hono/node-server with node:http2',
]
const [node, mini, prebuilt, send, honoHere, honoNode] = NAMES

const load = { clients: 5, streams: 100 }
const figures = await measureInTurns(benchTargets(NAMES), load, repetitionsOr(8))

console.log("TLS, 5 clients x 100 streams; the CPU time is the server's, with 95 % intervals:")
console.table(
  Object.fromEntries(
    NAMES.map((name) => [
      name,
      {
        'us of CPU a request': withInterval(figures.of(name)),
        'requests a second': withInterval(figures.of(name, 'requestsPerSecond')),
      },
    ]),
  ),
)
expectAtMost('async/mini to node-http2', figures.ratio(mini, node), 1 / 40)
expectAtMost('sendPrebuilt to node-http2', figures.ratio(prebuilt, node), 1 / 25)
expectAtMost('sendPrebuilt to async/mini', figures.ratio(prebuilt, mini), 1.7)
expectAtMost('send to node-http2', figures.ratio(send, node), 1 / 15)
expectAtMost('hono here to hono on node-server', figures.ratio(honoHere, honoNode), 1 / 4)
