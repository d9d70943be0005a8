import { installFetchClasses, toHandler } from '@h2lab/mini-http2/fetch'
import { createServer } from '@h2lab/mini-http2/server'
import { asyncSockets } from '@h2lab/server-async'
import { devTls } from '@h2lab/tls-context'
import { Hono } from 'hono'
import { streamText } from 'hono/streaming'

/*
 * A Hono app on HTTP/2, unchanged.
 *
 *   node examples/hono.mjs
 *   curl -k https://localhost:8443/
 *   curl -k https://localhost:8443/count
 *   curl -k --data-binary @README.md https://localhost:8443/length
 */

const app = new Hono()

app.get('/', (c) => c.text('Hello Hono\n'))

/** A response that is a stream: it goes out line by line, and ends when its client leaves. */
app.get('/count', (c) =>
  streamText(c, async (stream) => {
    for (let count = 1; count <= 5 && !stream.aborted; count++) {
      await stream.writeln(`${count}`)
      await stream.sleep(200)
    }
  }),
)

/** A request that is a stream: it is read piece by piece, however long it is. */
app.post('/length', async (c) => {
  let length = 0
  for await (const part of c.req.raw.body ?? []) length += part.length
  return c.json({ length })
})

// Responses become several times cheaper; whether the global classes may be replaced is the process's affair.
installFetchClasses()

const server = await createServer(asyncSockets, {
  protocol: 'http2',
  port: Number(process.env.PORT ?? 8443),
  tls: await devTls(),
  app: toHandler(app.fetch),
})
console.log(`listening on ${server.url}`)
process.once('SIGINT', () => server.close())
process.once('SIGTERM', () => server.close())
