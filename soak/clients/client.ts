import type { Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { ClientConnection, prepareRequest } from '@h2lab/mini-http2/client'
import { open } from './open'
import type { Question } from './question'
import type { Tally } from './tally'

/** How long an answer may take, in milliseconds: the machine may be busy. */
const ANSWER_TIME = 60_000

interface Open {
  readonly question: Question
  readonly parts: Buffer[]
  readonly settle: (fault: string | undefined) => void
}

/** A well-behaved client: what it asks has to be answered, and rightly. */
export class Client {
  readonly #url: URL
  readonly #socket: Socket
  readonly #tally: Tally
  readonly #connection: ClientConnection
  readonly #open = new Map<number, Open>()

  private constructor(url: URL, socket: Socket, tally: Tally) {
    this.#url = url
    this.#socket = socket
    this.#tally = tally
    this.#connection = new ClientConnection({
      onData: (streamId, octets) => void this.#open.get(streamId)?.parts.push(Buffer.from(octets)),
      onEnd: (streamId, status) => this.#answered(streamId, status),
      onReset: (streamId, code) => this.#settle(streamId, `was reset with the code ${code}`),
      onMalformed: (streamId, reason) => this.#settle(streamId, `has got ${reason}`),
      onGoaway: (last, code) => this.#loseBehind(last, `GOAWAY with the code ${code}`),
    })
    socket.on('data', (octets: Buffer) => {
      this.#connection.receive(octets)
      this.#flush()
    })
    socket.on('drain', () => this.#flush())
    const lose = (how: string) => this.#loseBehind(-1, how)
    socket.once('end', () => lose('the end of the connection'))
    socket.once('close', () => lose('the close of the connection'))
    this.#flush()
  }

  static async open(url: URL, tally: Tally): Promise<Client> {
    return new Client(url, await open(url), tally)
  }

  /** @param isReading false: nothing is taken from the system until it is true again */
  set isReading(isReading: boolean) {
    if (isReading) this.#socket.resume()
    else this.#socket.pause()
  }

  /** Asks, and has it counted whether the answer is right. */
  async ask(question: Question): Promise<void> {
    const { method, path, body } = question
    const request = prepareRequest({
      method,
      path,
      authority: this.#url.host,
      scheme: this.#url.protocol.slice(0, -1),
      ...(body === undefined ? {} : { body, headers: { 'content-length': String(body.length) } }),
    })
    this.#tally.asked()
    const fault = await new Promise<string | undefined>((resolve) => {
      if (this.#connection.state !== 'open' || this.#socket.destroyed) {
        resolve('found the connection closed')
        return
      }
      const streamId = this.#connection.send(request)
      const timer = setTimeout(
        () => this.#settle(streamId, `had no answer within ${ANSWER_TIME} ms`),
        ANSWER_TIME,
      )
      const settle = (fault: string | undefined) => {
        clearTimeout(timer)
        resolve(fault)
      }
      this.#open.set(streamId, { question, parts: [], settle })
      this.#flush()
    })
    if (fault === undefined) this.#tally.answered()
    else this.#tally.failed(`${method} ${path} ${fault}`)
  }

  /** Says goodbye and leaves. */
  async leave(): Promise<void> {
    if (!this.#socket.destroyed) {
      this.#connection.goaway()
      this.#flush()
      this.#socket.end()
      // The server ends its side, too.
      await Promise.race([closed(this.#socket), delay(5000, undefined, { ref: false })])
    }
    this.#socket.destroy()
  }

  #answered(streamId: number, status: number): void {
    const open = this.#open.get(streamId)
    if (open === undefined) return
    const isRight = status === 200 && Buffer.concat(open.parts).equals(open.question.answer)
    if (!isRight) this.#tally.wrong(`${open.question.path} got status ${status} and a wrong body`)
    this.#settle(streamId, isRight ? undefined : 'was answered wrongly')
  }

  #settle(streamId: number, fault: string | undefined): void {
    this.#open.get(streamId)?.settle(fault)
    this.#open.delete(streamId)
  }

  #loseBehind(lastStreamId: number, how: string): void {
    for (const streamId of [...this.#open.keys()]) {
      if (streamId > lastStreamId) this.#settle(streamId, `was lost to ${how}`)
    }
  }

  #flush(): void {
    while (this.#socket.writable && !this.#socket.writableNeedDrain) {
      const octets = this.#connection.takeOutput()
      if (octets === undefined) return
      this.#socket.write(octets)
    }
  }
}

function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once('close', () => resolve()))
}
