import { estimate } from '@h2lab/measure'
import { prebuildResponse } from '@h2lab/mini-http2'
import { requestsVector } from '@h2lab/mini-http2/client'
import { Http2Connection, toHttp2Options } from '@h2lab/mini-http2/protocol'
import { withInterval } from '../../measure/bench/support/expectations.mjs'

/*
 * What a request costs the protocols without sockets: 100 requests of one read, answered by one run.
 * Rounds take turns, so that all see the same machine; told are microseconds, with 95 % intervals. One process says
 * nothing of how the next would be compiled.
 *
 *   node bench/nghttp2.bench.mjs                    21 rounds of 2,000 requests each
 *   node bench/nghttp2.bench.mjs 5 DIST [DIST...]   fewer, of these builds side by side
 */

const [rounds = '21', ...given] = process.argv.slice(2)
const builds = given.length > 0 ? given : ['dist']

const STREAMS = 100
const BATCHES = 20
/** GOAWAY, which would end the connection. */
const GOAWAY_LENGTH = 17
/** What comes before the requests. */
const OPENING_LENGTH = requestsVector(0).length - GOAWAY_LENGTH

const prebuilt = prebuildResponse({ body: 'Hello World\n' })
const apps = {
  prebuilt,
  handler: ({ path }, response) => response.send(200, { 'x-path': path }, 'Hello World\n'),
}

const all = requestsVector(STREAMS * BATCHES).subarray(0, -GOAWAY_LENGTH)
const opening = all.subarray(0, OPENING_LENGTH)
const batchLength = (all.length - OPENING_LENGTH) / BATCHES

const contenders = []
for (const [name, app] of Object.entries(apps)) {
  const options = toHttp2Options({ app })
  contenders.push({ name: `http2, ${name}`, connect: () => new Http2Connection(options, 0) })
  for (const build of builds) {
    const url = new URL(`../${build}/index.js`, import.meta.url)
    const { Nghttp2Connection, toNghttp2Options } = await import(url)
    const ours = toNghttp2Options({ app })
    const connect = () => new Nghttp2Connection(ours, 0)
    contenders.push({ name: `nghttp2, ${name}, ${build}`, connect })
  }
}

const costs = new Map(contenders.map(({ name }) => [name, []]))
for (let round = 0; round < Number(rounds); round++) {
  for (const { name, connect } of contenders) costs.get(name).push(measure(connect()))
}
console.table(
  Object.fromEntries([...costs].map(([name, values]) => [name, withInterval(estimate(values))])),
)

/** @returns microseconds for each request */
function measure(connection) {
  connection.receive(opening)
  const start = process.cpuUsage()
  for (let batch = 0; batch < BATCHES; batch++) {
    const at = OPENING_LENGTH + batch * batchLength
    connection.receive(all.subarray(at, at + batchLength))
    while (connection.takeOutput() !== undefined);
  }
  const { user, system } = process.cpuUsage(start)
  if (connection.error !== undefined) throw connection.error
  connection.abandon()
  return (user + system) / (STREAMS * BATCHES)
}
