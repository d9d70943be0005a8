import { fork } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import v8 from 'node:v8'
import vm from 'node:vm'
import { prebuildResponse } from '../dist/index.js'
import { connectionFactory } from '../dist/protocol.js'
import { conversation, numberStreams } from './conversation.mjs'

/*
 * The cost of the protocols without sockets and TLS, from input to output bytes: nanoseconds of CPU
 * for each request, and bytes of memory for each idle connection.
 *
 *   node bench/connection.bench.mjs          compares with the baseline
 *   node bench/connection.bench.mjs --save   saves the results as the baseline
 *   node bench/connection.bench.mjs --json   prints them as JSON
 *
 * Machines differ and are shared, so only the ratios to `mini`, measured alternately in the same run,
 * are compared with the baseline. Exits with status 1 if a ratio is more than a fifth above it.
 */

const BASELINE = new URL('./connection.baseline.json', import.meta.url)
const ALLOWED = 1.2

const STREAMS = 100
const BATCHES = 400
/** The fastest round counts, because other load on the machine only makes a round slower. */
const ROUNDS = 40
const CONNECTIONS = 10_000

const HELLO = prebuildResponse({
  headers: { 'content-type': 'text/plain; charset=utf-8' },
  body: 'Hello World\n',
})

const answersWithPrebuilt = (request, response) => {
  if (request.method === 'GET' && request.path === '/') response.sendPrebuilt(HELLO)
  else response.send(404)
}
const answersWithSend = (_, response) => {
  response.send(200, { 'content-type': 'text/plain', 'x-served-by': 'h2lab' }, 'Hello World\n')
}

/** Each case adds one thing to the case before. */
const CASES = [
  { name: 'mini', protocol: 'mini', app: HELLO },
  { name: 'http2, handler, sendPrebuilt', protocol: 'http2', app: answersWithPrebuilt },
  { name: 'http2, handler, send', protocol: 'http2', app: answersWithSend },
]

function takeAll(connection) {
  while (connection.awaitsTurn) connection.takeTurn()
  for (let run = connection.takeOutput(); run !== undefined; run = connection.takeOutput());
}

function open(factory, { opening }) {
  const connection = factory(0)
  connection.receive(opening)
  takeAll(connection)
  return connection
}

/** Nanoseconds of CPU for each request of a round. */
function round(factory, client) {
  const connection = open(factory, client)
  let streamId = 3
  const before = process.cpuUsage()
  for (let index = 0; index < BATCHES; index++) {
    streamId = numberStreams(client, streamId)
    connection.tick(index / 10)
    connection.receive(client.batch)
    takeAll(connection)
  }
  const { user, system } = process.cpuUsage(before)
  if (connection.state !== 'open') throw connection.error
  return ((user + system) * 1000) / (STREAMS * BATCHES)
}

function collectGarbage() {
  v8.setFlagsFromString('--expose-gc')
  const gc = vm.runInNewContext('gc')
  gc()
  gc()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

/** Bytes of heap and array buffers for each of many idle connections that have served a request. */
function idleConnection(factory, client) {
  for (let index = 0; index < 100; index++) open(factory, client)
  const connections = []
  const before = collectGarbage()
  for (let index = 0; index < CONNECTIONS; index++) connections.push(open(factory, client))
  const after = collectGarbage()
  return Math.round((after - before) / connections.length)
}

/** The memory that 100,000 requests on one connection leave behind. */
function growth(factory, client) {
  const connection = open(factory, client)
  const { batch, frameLength } = client
  const one = batch.subarray(0, frameLength)
  let streamId = 3
  const serve = (count) => {
    for (let index = 0; index < count; index++) {
      one.writeUInt32BE(streamId, 5)
      streamId += 2
      connection.receive(one)
      takeAll(connection)
    }
  }
  serve(20_000)
  const before = collectGarbage()
  serve(100_000)
  return collectGarbage() - before
}

/**
 * Runs in a process of its own, like a server: code that only runs with one protocol gets faster.
 */
function serveCase(name) {
  const { protocol, app } = CASES.find((one) => one.name === name)
  const factory = connectionFactory(protocol, app)
  const client = conversation(STREAMS)
  const tasks = {
    round: () => round(factory, client),
    memory: () => ({
      octetsPerIdleConnection: idleConnection(factory, client),
      octetsLeftBy100000Requests: growth(factory, client),
    }),
  }
  process.on('message', (task) => process.send(tasks[task]()))
}

async function measureAll() {
  const self = fileURLToPath(import.meta.url)
  const children = CASES.map(({ name }) => fork(self, ['--case', name]))
  const ask = async (child, task) => {
    child.send(task)
    return (await once(child, 'message'))[0]
  }
  const best = children.map(() => Number.POSITIVE_INFINITY)
  for (let index = 0; index < ROUNDS; index++) {
    for (const [at, child] of children.entries()) {
      best[at] = Math.min(best[at], await ask(child, 'round'))
    }
  }
  const results = {}
  for (const [at, child] of children.entries()) {
    results[CASES[at].name] = {
      nanosecondsPerRequest: Math.round(best[at]),
      ratioToMini: Number((best[at] / best[0]).toFixed(2)),
      ...(await ask(child, 'memory')),
    }
    child.disconnect()
  }
  return results
}

const [option, argument] = process.argv.slice(2)
if (option === '--case') serveCase(argument)
else report(option, await measureAll())

function report(option, results) {
  if (option === '--json') {
    console.log(JSON.stringify(results, undefined, 2))
  } else if (option === '--save') {
    writeFileSync(BASELINE, `${JSON.stringify(results, undefined, 2)}\n`)
    console.log('This is the baseline now:')
    console.table(results)
  } else {
    const baseline = JSON.parse(readFileSync(BASELINE, 'utf8'))
    console.log('The protocols alone, ns of CPU a request and octets an idle connection:')
    console.table(results)
    for (const [name, { ratioToMini }] of Object.entries(results)) {
      const before = baseline[name]?.ratioToMini
      if (before === undefined || ratioToMini <= before * ALLOWED) continue
      console.log(`${name}: ${ratioToMini} times mini, but it was ${before} in the baseline.`)
      process.exitCode = 1
    }
  }
}
