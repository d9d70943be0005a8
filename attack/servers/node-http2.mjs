import { createSecureServer, createServer } from 'node:http2'
import { devTls, readTlsCredentials } from '@h2lab/tls-context'

// The same application on node:http2, with its stream API and its limits as they come. With `--no-tls` over plain TCP.

const LARGE = Buffer.alloc(10 * 1_048_576)
/** How long slow handlers take, in milliseconds. */
const SLOW = 20_000

const isTls = !process.argv.includes('--no-tls')
const server = isTls ? createSecureServer(await readTlsCredentials(await devTls())) : createServer()

server.on('stream', (stream, headers) => {
  // A client that resets its stream is no fault of the application.
  stream.on('error', () => {})
  const respond = (body) => {
    if (stream.destroyed) return
    stream.respond({ ':status': 200 })
    stream.end(body)
  }
  switch (headers[':path']?.split('?', 1)[0]) {
    case '/large':
      respond(LARGE)
      break
    case '/echo':
      stream.respond({ ':status': 200 })
      stream.pipe(stream)
      break
    case '/count':
      stream.resume().once('end', () => respond('counted\n'))
      break
    case '/throws':
      // What is thrown here would end the process: its users catch.
      stream.respond({ ':status': 500 }, { endStream: true })
      break
    case '/slow':
    case '/never-reads':
      setTimeout(() => respond('slow\n'), SLOW)
      break
    default:
      respond('Hello World\n')
  }
})
server.on('sessionError', () => {})
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(
    `listening on ${isTls ? 'https' : 'http'}://127.0.0.1:${server.address().port}/\n`,
  )
})
process.once('SIGTERM', () => process.exit())
