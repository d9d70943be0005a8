import { concatenate, type OctetVector, type OptionNamesOf } from '@h2lab/octets'
import type { BodyOptions, RequestBody } from '../../application/request'
import { invalidJson, RequestBodyError } from '../../errors'
import { checkOptionNames } from '../../options'

/** What {@link IncomingBody} tells its owner. */
export interface IncomingBodyEvents {
  /** The application begins to read. */
  onRead(): void
  /** The application has taken octets: as many may come again. */
  onConsumed(count: number): void
}

const BODY_OPTIONS: OptionNamesOf<BodyOptions> = { limit: true }

/** Enough for forms and JSON, little enough for hundreds at once, in octets. */
const DEFAULT_BODY_LIMIT = 1_048_576

/**
 * Small parts that wait one behind the other are joined up to this many octets: each costs memory
 * besides its octets, which a client that sends them one by one would multiply.
 */
const LONGEST_JOINT = 1024

const DONE: IteratorReturnResult<void> = { done: true, value: undefined }

type State = 'receiving' | 'complete' | 'failed'

/**
 * A request's body on its way from the connection to the application: a queue of chunks. The
 * stream's flow-control window bounds what waits in it.
 */
export class IncomingBody implements RequestBody {
  readonly #events: IncomingBodyEvents
  #chunks: OctetVector[] = []
  #state: State
  #used = false
  #givenUp = false
  /** What readers wait for when there is nothing yet, and what ends their waiting. */
  #arrival: Promise<void> | undefined
  #wake: (() => void) | undefined

  constructor(state: State, events: IncomingBodyEvents) {
    this.#state = state
    this.#events = events
  }

  /** Takes octets from the client; they are kept. */
  receive(octets: OctetVector): void {
    if (octets.length > 0 && !this.#givenUp) this.#add(octets)
    this.#wakeReader()
  }

  /** The body is complete. */
  end(): void {
    this.#state = 'complete'
    this.#wakeReader()
  }

  /** The rest of the body won't come. */
  fail(): void {
    if (this.#state === 'receiving') this.#state = 'failed'
    this.#wakeReader()
  }

  /**
   * By hand, since a generator makes two promises more for each part. `npm run bench` (http2-bodies) has
   * what an upload costs.
   */
  [Symbol.asyncIterator](): AsyncIterator<OctetVector, void> {
    let begun = false
    return {
      next: async () => {
        if (!begun) this.#use()
        begun = true
        return this.#next()
      },
      // Whoever leaves early wants nothing more.
      return: () => {
        this.#giveUp()
        return Promise.resolve(DONE)
      },
    }
  }

  #next(): IteratorResult<OctetVector, void> | Promise<IteratorResult<OctetVector, void>> {
    const value = this.#chunks.shift()
    if (value !== undefined) {
      this.#events.onConsumed(value.length)
      return { done: false, value }
    }
    if (this.#givenUp) return DONE
    if (this.#state !== 'receiving') {
      this.#giveUp()
      if (this.#state === 'complete') return DONE
      throw new RequestBodyError(
        'CLIENT_GONE',
        "The client gave the request up before its body's end.",
      )
    }
    this.#arrival ??= new Promise((resolve) => {
      this.#wake = resolve
    })
    return this.#arrival.then(() => this.#next())
  }

  /** What comes from now on is kept by nobody. */
  #giveUp(): void {
    this.#givenUp = true
    this.#chunks = []
  }

  async octets(options: BodyOptions = {}): Promise<OctetVector> {
    checkOptionNames(options, BODY_OPTIONS)
    const { limit = DEFAULT_BODY_LIMIT } = options
    const chunks: OctetVector[] = []
    let length = 0
    for await (const chunk of this) {
      length += chunk.length
      if (length > limit) {
        throw new RequestBodyError(
          'BODY_TOO_LARGE',
          `The request's body is longer than ${limit} octets: raise the option limit, or read it piece by piece.`,
        )
      }
      chunks.push(chunk)
    }
    return chunks.length === 1 ? chunks[0]! : concatenate(...chunks)
  }

  bytes(options?: BodyOptions): Promise<OctetVector> {
    return this.octets(options)
  }

  async text(options?: BodyOptions): Promise<string> {
    return new TextDecoder().decode(await this.octets(options))
  }

  async json(options?: BodyOptions): Promise<unknown> {
    const text = await this.text(options)
    try {
      return JSON.parse(text)
    } catch (cause) {
      throw invalidJson(cause as SyntaxError)
    }
  }

  #add(octets: OctetVector): void {
    const last = this.#chunks.length - 1
    const waiting = this.#chunks[last]
    if (waiting !== undefined && waiting.length + octets.length <= LONGEST_JOINT) {
      this.#chunks[last] = concatenate(waiting, octets)
    } else {
      this.#chunks.push(octets)
    }
  }

  #use(): void {
    if (this.#used) throw new RequestBodyError('BODY_USED', "A request's body can be read once.")
    this.#used = true
    this.#events.onRead()
  }

  #wakeReader(): void {
    this.#wake?.()
    this.#wake = undefined
    this.#arrival = undefined
  }
}
