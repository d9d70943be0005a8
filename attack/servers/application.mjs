// Plain JavaScript: servers load it as it is, in threads of their own.

const LARGE = new Uint8Array(10 * 1_048_576)
/** How long slow handlers take, in milliseconds. */
const SLOW = 20_000

/**
 * What attacked servers answer. Its handlers do not look whether their client is still there, as most do not.
 *
 * @type {import('@h2lab/mini-http2').Handler}
 */
export default function application(request, response) {
  switch (request.path.split('?', 1)[0]) {
    case '/large':
      return response.send(200, {}, LARGE)
    case '/echo':
      return echo(request, response)
    case '/count':
      return count(request, response)
    case '/throws':
      throw new Error('thrown by the application')
    case '/slow':
    // The same for uploads: it has a body that it never reads.
    case '/never-reads':
      setTimeout(() => response.send(200, {}, 'slow\n'), SLOW)
      return undefined
    default:
      return response.send(200, { 'content-type': 'text/plain' }, 'Hello World\n')
  }
}

async function echo(request, response) {
  response.writeHead(200)
  for await (const octets of request.body) {
    if (!response.write(octets)) await response.drained()
  }
  response.end()
}

async function count(request, response) {
  let octets = 0
  for await (const part of request.body) octets += part.length
  response.send(200, {}, `${octets}\n`)
}
