// Plain JavaScript, because the servers' threads load it directly.
import { appendFileSync } from 'node:fs'

const MIB = 1_048_576
const CHUNK = new Uint8Array(65_536).fill(0x61)

/** How much a handler that can't wait writes at once: more than sockets and windows hold. */
const MORE_THAN_BUFFERS = 24 * MIB

/**
 * Handlers whose clients vanish. They append events to a file, one per line. The query of the path is the path of the
 * file, except for `/download` and `/`.
 *
 * @type {import('@h2lab/mini-http2').Handler}
 */
export const waiting = (request, response) => {
  const [path, file] = request.path.split('?')
  switch (path) {
    case '/stream':
      return stream(response, watch(request, file))
    case '/upload':
      return readBody(request, watch(request, file))
    case '/ticks':
      return tick(request, response, watch(request, file))
    case '/download':
      return download(response)
    default:
      return common(path, file, request, response)
  }
}

/**
 * The same for servers whose handlers must return before anything else happens.
 *
 * @type {import('@h2lab/mini-http2').Handler}
 */
export const blocking = (request, response) => {
  const [path, file] = request.path.split('?')
  switch (path) {
    case '/stream': {
      const note = watch(request, file)
      response.writeHead(200)
      if (!response.write(new Uint8Array(MORE_THAN_BUFFERS))) note('full')
      return undefined
    }
    case '/upload':
      watch(request, file)
      return undefined
    case '/download':
      response.send(200, {}, new Uint8Array(10 * MIB))
      return undefined
    default:
      return common(path, file, request, response)
  }
}

function common(path, file, request, response) {
  switch (path) {
    case '/event-stream':
      watch(request, file)
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      break
    case '/long-poll':
      watch(request, file)
      break
    default:
      response.send(200, {}, 'served\n')
  }
  return undefined
}

/** Records the start of a request and the end of its client. */
function watch({ signal }, file) {
  const note = (event) => appendFileSync(file, `${event}\n`)
  signal.addEventListener('abort', () => note('aborted'))
  note('begun')
  return note
}

async function stream(response, note) {
  response.writeHead(200)
  while (!response.ended) {
    if (response.write(CHUNK)) continue
    note('full')
    await response.drained()
  }
  note('drained')
}

/** An event stream that never pauses for long. */
function tick({ signal }, response, note) {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  const timer = setInterval(() => {
    response.write('data: tick\n\n')
    note('tick')
  }, 100)
  signal.addEventListener('abort', () => clearInterval(timer))
}

async function readBody({ body }, note) {
  try {
    for await (const _ of body) note('octets')
    note('complete')
  } catch (error) {
    note(`body ${error.code}`)
  }
}

async function download(response) {
  response.writeHead(200, { 'content-length': 10 * MIB })
  for (let sent = 0; sent < 10 * MIB; sent += CHUNK.length) {
    if (!response.write(CHUNK)) await response.drained()
  }
  response.end()
}
