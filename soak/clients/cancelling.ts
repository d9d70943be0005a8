import { type ClientHttp2Session, type ClientHttp2Stream, connect, constants } from 'node:http2'
import type { Kind } from './kind'
import { TLS_OPTIONS } from './open'
import { pause } from './pause'
import { ask, type Question } from './question'

const MIB = 1_048_576
/** How long an answer may take, in milliseconds. */
const ANSWER_TIME = 60_000
/** How long a session may take to close, in milliseconds. */
const LEAVE_TIME = 5000

/** Cancels some of its requests, with the client of `node:http2`; the others have to be answered. */
export const CANCELLING: Kind = {
  name: 'cancelling',
  behaves: 'well',
  visitors: 4,
  async visit({ url, answersTo, random, tally, signal }) {
    const session = connect(url, TLS_OPTIONS)
    session.on('error', () => {})
    const closed = new Promise<void>((resolve) => session.once('close', resolve))
    const exchanges = Array.from({ length: random.between(5, 15) }, async () => {
      await pause(random.between(0, 300), signal)
      const isCancelled = random.isTrue(0.6)
      const question = ask(random, answersTo, {
        octets: random.size(MIB),
        body: random.isTrue(0.5) ? random.size(MIB) : undefined,
      })
      const stream = begin(session, question)
      if (isCancelled) {
        stream.resume()
        await pause(random.between(0, 30), signal)
        stream.close(constants.NGHTTP2_CANCEL)
        return
      }
      tally.asked()
      const { fault, isWrong } = await outcomeOf(stream, question)
      if (fault === undefined) tally.answered()
      else if (isWrong) tally.wrong(`${question.path} ${fault}`)
      if (fault !== undefined) tally.failed(`${question.method} ${question.path} ${fault}`)
    })
    await Promise.all(exchanges)
    session.close()
    // Everything has its outcome. A session of Node.js does not always see that the server has ended its side.
    await Promise.race([closed, pause(LEAVE_TIME, signal)])
    session.destroy()
  },
}

function begin(session: ClientHttp2Session, { method, path, body }: Question): ClientHttp2Stream {
  const stream = session.request({ ':method': method, ':path': path })
  // A fault shows in its close.
  stream.on('error', () => {})
  stream.end(body)
  return stream
}

interface StreamOutcome {
  readonly fault: string | undefined
  readonly isWrong: boolean
}

function outcomeOf(stream: ClientHttp2Stream, { answer }: Question): Promise<StreamOutcome> {
  return new Promise((resolve) => {
    const parts: Buffer[] = []
    let status: number | undefined
    let isWhole = false
    const timer = setTimeout(() => stream.destroy(new Error('no answer')), ANSWER_TIME)
    stream.on('response', (fields) => {
      status = fields[':status']
    })
    stream.on('data', (octets: Buffer) => parts.push(octets))
    stream.on('end', () => {
      isWhole = true
    })
    stream.on('close', () => {
      clearTimeout(timer)
      if (!isWhole || status === undefined) {
        resolve({ fault: `ended early with the code ${stream.rstCode}`, isWrong: false })
      } else if (status !== 200 || !Buffer.concat(parts).equals(answer)) {
        resolve({ fault: `got status ${status} and a wrong body`, isWrong: true })
      } else resolve({ fault: undefined, isWrong: false })
    })
  })
}
