import { writeFileSync } from 'node:fs'

const HANGS = '/hangs'

/** Creates a file and never returns. */
function hang(file) {
  writeFileSync(file, '')
  for (;;);
}

/** An application with a different fault for each path. */
export default (request, response) => {
  if (request.path.startsWith(HANGS)) hang(request.path.slice(HANGS.length))
  switch (request.path) {
    case '/misuse':
      return response.send(42)
    case '/cause':
      throw new RangeError('above', {
        cause: Object.assign(new TypeError('below'), { code: 'ERR_BELOW', depth: 2 }),
      })
    case '/throws?a=b':
      throw new RangeError('thrown by the handler')
    case '/silent':
      return undefined
    default:
      return response.send(200, {}, 'Hello World\n')
  }
}
