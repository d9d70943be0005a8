// Plain JavaScript, because the servers' threads and processes load it directly. Its types are in the .d.mts file.

const HTML = { 'content-type': 'text/html; charset=utf-8' }
const IMAGES = 100
const MIB = 1_048_576

/** @type {import('@h2lab/mini-http2').Handler} */
export const everyKind = (request, response) => {
  const { pathname, searchParams } = new URL(request.path, 'http://any')
  switch (pathname) {
    case '/upload':
      return countBody(request, response)
    case '/json':
      return echoJson(request, response)
    case '/download':
      return download(response, Number(searchParams.get('mib')))
    case '/trailers':
      response.writeHead(200, { trailer: 'x-checksum' })
      response.end('with trailers\n', { 'x-checksum': '1b2c' })
      return undefined
    case '/early-hints':
      response.informational(103, { link: '</style.css>; rel=preload' })
      response.send(200, {}, 'final\n')
      return undefined
    case '/page':
      response.send(200, HTML, page())
      return undefined
    case '/image':
      response.send(200, { 'content-type': 'image/svg+xml' }, image(searchParams.get('number')))
      return undefined
    case '/form':
      return echoForm(request, response)
    case '/grpc.Echo/Echo':
      return echoGrpc(request, response)
    default:
      response.send(200, { 'content-type': 'text/plain' }, `${request.method} ${request.path}\n`)
      return undefined
  }
}

async function countBody({ body }, response) {
  let length = 0
  for await (const octets of body) length += octets.length
  response.send(200, {}, `${length}\n`)
}

async function echoJson({ body }, response) {
  response.send(200, { 'content-type': 'application/json' }, JSON.stringify(await body.json()))
}

/** Waits whenever the client does not keep up. */
async function download(response, mib) {
  const octets = new Uint8Array(MIB).fill(0x61)
  response.writeHead(200, { 'content-length': mib * MIB })
  for (let count = 0; count < mib; count++) {
    if (!response.write(octets)) await response.drained()
  }
  response.end()
}

function page() {
  const images = Array.from(
    { length: IMAGES },
    (_, number) => `<img src="/image?number=${number}">`,
  )
  const form =
    '<form method="post" action="/form"><input name="name" value="Ada"><button></button></form>'
  return `<!doctype html><title>Images</title>${images.join('')}${form}`
}

function image(number) {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${Number(number) + 1}" height="1"/>`
}

async function echoForm({ body }, response) {
  const fields = new URLSearchParams(await body.text())
  response.send(200, HTML, `<!doctype html><title>Hello ${fields.get('name')}</title>`)
}

/** Returns each message as soon as it has arrived. */
async function echoGrpc({ body }, response) {
  response.writeHead(200, { 'content-type': 'application/grpc' })
  for await (const octets of body) response.write(octets)
  response.end(undefined, { 'grpc-status': 0 })
}
