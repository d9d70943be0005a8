// Plain JavaScript: servers load it as it is, in threads of their own.

const LARGE = new Uint8Array(10 * 1_048_576)

/**
 * The same as far as a blocking loop can serve it: every handler answers before it returns.
 *
 * @type {import('@h2lab/mini-http2').Handler}
 */
export default function application(request, response) {
  switch (request.path.split('?', 1)[0]) {
    case '/large':
      return response.send(200, {}, LARGE)
    case '/throws':
      throw new Error('thrown by the application')
    default:
      return response.send(200, { 'content-type': 'text/plain' }, 'Hello World\n')
  }
}
