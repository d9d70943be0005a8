// Plain JavaScript, because the servers' threads load it directly. It responds before the handler returns, except for
// uploads that are read.

const EMPTY = new Uint8Array(0)
let body = EMPTY
/** How many octets of each upload were read so far, by the name that the client gave it. */
const uploads = new Map()

/** @type {import('@h2lab/mini-http2').Handler} */
export default function app(request, response) {
  const { pathname, searchParams } = new URL(request.path, 'http://any')
  switch (pathname) {
    case '/download':
      return response.send(200, {}, bodyOf(Number(searchParams.get('octets'))))
    case '/reject':
      return response.send(413, {}, 'too much\n')
    case '/no-content':
      return response.send(204)
    case '/cookie':
      return response.send(200, {}, request.headers.get('cookie') ?? '')
    case '/path':
      return response.send(200, {}, request.path)
    case '/read':
      return readUpload(request, searchParams.get('name'))
    case '/wait':
      return undefined
    case '/uploaded':
      return response.send(200, {}, String(uploads.get(searchParams.get('name'))))
    default:
      return response.send(200, {}, 'Hello World\n')
  }
}

/** Zeros, which the system does not copy. */
function bodyOf(octets) {
  if (body.length !== octets) body = new Uint8Array(octets)
  return body
}

/** Reads the content and never responds. */
async function readUpload({ body }, name) {
  uploads.set(name, 0)
  for await (const octets of body) uploads.set(name, uploads.get(name) + octets.length)
}
