import { expectRatio, loadInTurns } from './support/measured.mjs'

/*
 * What a small request costs the server, over TLS with 5 clients x 100 streams: the protocol
 * `http2` with a handler behind it, beside the speed limit and node:http2.
 */

/** Requests a round: each server is busy for a second or so, and its code is optimised. */
const SERVERS = {
  'node-http2': 20_000,
  'async/mini': 300_000,
  'async/http2, sendPrebuilt': 300_000,
  'async/http2, send': 200_000,
  'async/http2, toHandler(hono)': 100_000,
  'hono on @hono/node-server with node:http2': 15_000,
}

const results = await loadInTurns(SERVERS, { clients: 5, streams: 100 }, 7)

console.log("TLS, 5 clients x 100 streams, h2load; the CPU time is the server's:")
console.table(
  Object.fromEntries(
    [...results].map(([name, { cpu, rate }]) => [
      name,
      { 'us of CPU a request': Number(cpu.toFixed(2)), 'requests a second': Math.round(rate) },
    ]),
  ),
)

const ratio = (one, other) => results.get(one).cpu / results.get(other).cpu
const [node, mini, prebuilt, send, honoHere, honoNode] = Object.keys(SERVERS)
expectRatio('async/mini to node-http2', ratio(mini, node), 1 / 40)
expectRatio('sendPrebuilt to node-http2', ratio(prebuilt, node), 1 / 25)
expectRatio('sendPrebuilt to async/mini', ratio(prebuilt, mini), 1.7)
expectRatio('send to node-http2', ratio(send, node), 1 / 15)
expectRatio('hono here to hono on node-server', ratio(honoHere, honoNode), 1 / 4)
