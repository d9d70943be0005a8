// Plain JavaScript, because the servers' threads and processes load it directly.
import { appendFileSync } from 'node:fs'

const LENGTH = 10_000

/**
 * Notes its path in the file that the query names, and answers with 10,000 octets that end with the path.
 *
 * @type {import('@h2lab/mini-http2').Handler}
 */
export default function app(request, response) {
  const [path, file] = request.path.split('?')
  if (file !== undefined) appendFileSync(file, `${path}\n`)
  response.send(200, {}, path.padStart(LENGTH, '.'))
}
