/** An application as a thread loads it: one path for each thing that a handler may do. */
export default function app(request, response) {
  switch (request.path) {
    case '/promise':
      return Promise.resolve().then(() => response.send(200, {}, 'too late\n'))
    case '/rejected-promise':
      return Promise.reject(new Error('nobody waits'))
    case '/throw':
      throw new RangeError('thrown by the handler')
    case '/throw-in-body':
      response.writeHead(200)
      response.write('begun')
      throw new RangeError('thrown in the body')
    case '/for-ever':
      for (;;);
    case '/parts':
      response.writeHead(200, { trailer: 'x-checksum' })
      response.write('one ')
      response.write('two')
      return response.end(undefined, { 'x-checksum': '1b2c' })
    default:
      return response.send(200, { 'x-method': request.method }, request.headers.get('cookie') ?? '')
  }
}
