import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { Hono } from 'hono'
import { installFetchClasses, toHandler } from '../dist/fetch.js'
import { connectionFactory } from '../dist/protocol.js'
import { conversation, numberStreams } from './conversation.mjs'

/*
 * The cost of fetch applications with toHandler, compared with an equivalent handler, from input to
 * output bytes: nanoseconds of CPU for each request, including garbage collection.
 *
 *   node bench/to-handler.bench.mjs          a table
 *   node bench/to-handler.bench.mjs --json   the same as JSON
 */

const STREAMS = 100
/** The fastest round counts, because other load on the machine only makes a round slower. */
const ROUNDS = 15
const BATCHES = 50

const HEADERS = { 'content-type': 'text/plain; charset=UTF-8', 'x-served-by': 'h2lab' }

const answersItself = (_, response) => response.send(200, HEADERS, 'Hello World\n')

const fetchHandler = () => toHandler(() => new Response('Hello World\n', { headers: HEADERS }))

const honoHandler = () => {
  const app = new Hono()
  app.get('/', (c) => c.text('Hello World\n', 200, { 'x-served-by': 'h2lab' }))
  return toHandler(app.fetch)
}

const CASES = [
  { name: 'a handler', makeApp: () => answersItself },
  { name: 'toHandler, fetch classes installed', installed: true, makeApp: fetchHandler },
  { name: 'toHandler, native Response', makeApp: fetchHandler },
  { name: 'toHandler of Hono, fetch classes installed', installed: true, makeApp: honoHandler },
  { name: 'toHandler of Hono, native Response', makeApp: honoHandler },
]

/** Nanoseconds of CPU for each request of a round. */
async function round(factory, client, pending) {
  const connection = factory(0)
  const takeAll = () => {
    while (connection.awaitsTurn) connection.takeTurn()
    for (let run = connection.takeOutput(); run !== undefined; run = connection.takeOutput());
  }
  connection.onOutputReady = takeAll
  connection.receive(client.opening)
  takeAll()
  let streamId = 3
  const before = process.cpuUsage()
  for (let index = 0; index < BATCHES; index++) {
    streamId = numberStreams(client, streamId)
    connection.receive(client.batch)
    takeAll()
    if (pending.length > 0) await Promise.all(pending.splice(0))
  }
  const { user, system } = process.cpuUsage(before)
  if (connection.state !== 'open') throw connection.error
  return ((user + system) * 1000) / (STREAMS * BATCHES)
}

/** Runs in a process of its own, like a server: code that only runs in one way gets faster. */
function serveCase(name) {
  const { installed = false, makeApp } = CASES.find((one) => one.name === name)
  if (installed) installFetchClasses()
  const handler = makeApp()
  const pending = []
  const app = (request, response) => {
    const promise = handler(request, response)
    if (promise !== undefined) pending.push(promise)
    return promise
  }
  const onHandlerError = (error) => {
    throw error
  }
  const factory = connectionFactory('http2', app, {}, { onHandlerError })
  const client = conversation(STREAMS)
  process.on('message', async () => process.send(await round(factory, client, pending)))
}

async function measureAll() {
  const self = fileURLToPath(import.meta.url)
  const children = CASES.map(({ name }) => fork(self, ['--case', name]))
  const best = children.map(() => Number.POSITIVE_INFINITY)
  for (let index = 0; index < ROUNDS; index++) {
    for (const [at, child] of children.entries()) {
      child.send('round')
      best[at] = Math.min(best[at], (await once(child, 'message'))[0])
    }
  }
  for (const child of children) child.disconnect()
  return Object.fromEntries(
    CASES.map(({ name }, at) => [
      name,
      {
        nanosecondsPerRequest: Math.round(best[at]),
        ratioToHandler: Number((best[at] / best[0]).toFixed(1)),
      },
    ]),
  )
}

const [option, argument] = process.argv.slice(2)
if (option === '--case') serveCase(argument)
else {
  const results = await measureAll()
  if (option === '--json') console.log(JSON.stringify(results, undefined, 2))
  else {
    console.log('Applications of the Fetch standard, ns of CPU a request:')
    console.table(results)
  }
}
