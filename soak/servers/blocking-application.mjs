// Plain JavaScript: servers load it as it is, in threads of their own.
import { createHash } from 'node:crypto'
import { answerFrom, octetsOf } from './answer.mjs'

/**
 * The same as far as a blocking loop can serve it: the handler answers before it returns, so it knows no body.
 *
 * @type {import('@h2lab/mini-http2').Handler}
 */
export default function application(request, response) {
  const hash = createHash('sha256').update(`${request.method} ${request.path}\n`)
  response.send(200, {}, answerFrom(hash, octetsOf(request.path)))
}
