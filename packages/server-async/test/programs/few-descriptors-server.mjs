// Serves with few descriptors, and answers each message with the codes of its faults and its CPU time in microseconds.
import { prebuildResponse } from '@h2lab/mini-http2'
import { createServer } from '@h2lab/mini-http2/server'
import { asyncCustom, asyncSockets, nodeHttp2 } from '@h2lab/server-async'

const methods = new Map(Object.entries({ asyncCustom, asyncSockets, nodeHttp2 }))
const codes = []
const server = await createServer(methods.get(process.argv[2]), {
  app: prebuildResponse({ body: 'Hello World\n' }),
  onConnectionError: ({ error }) => codes.push(error.code),
})
process.on('message', () => {
  const { user, system } = process.cpuUsage()
  process.send({ codes, cpu: user + system })
})
process.on('disconnect', () => process.exit())
process.send(server.url)
