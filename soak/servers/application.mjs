// Plain JavaScript: servers load it as it is, in threads of their own.
import { createHash } from 'node:crypto'
import { answerFrom, octetsOf } from './answer.mjs'

/** Larger answers are sent in parts, as the client takes them. */
const PART = 65_536

/**
 * Answers with a digest of the method, the path and the body, as often as the path asks for.
 *
 * @type {import('@h2lab/mini-http2').Handler}
 */
export default async function application(request, response) {
  const hash = createHash('sha256').update(`${request.method} ${request.path}\n`)
  try {
    for await (const octets of request.body) hash.update(octets)
  } catch (error) {
    // The client has gone, and nobody waits for an answer.
    if (error.code === 'CLIENT_GONE') return
    throw error
  }
  const length = octetsOf(request.path)
  const answer = answerFrom(hash, length)
  if (length <= PART) {
    response.send(200, {}, answer)
    return
  }
  response.writeHead(200, { 'content-length': length })
  for (let sent = 0; sent < length && !request.signal.aborted; sent += PART) {
    if (!response.write(answer.subarray(sent, sent + PART))) await response.drained()
  }
  if (!request.signal.aborted) response.end()
}
