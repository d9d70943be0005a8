import { concatenate, type OctetVector, type OptionNamesOf } from '@h2lab/octets'
import type { BodyOptions, RequestBody } from '../../application/request'
import { invalidJson, RequestBodyError } from '../../errors'
import { checkOptionNames } from '../../options'

/** Events of an {@link IncomingBody}. */
export interface IncomingBodyEvents {
  /** The application begins to read. */
  onRead(): void
  /** The application has consumed octets, so the client may send more. */
  onConsumed(count: number): void
  /** Octets that nobody has read, and nobody will, were let go of. */
  onDropped?(count: number): void
}

const BODY_OPTIONS: OptionNamesOf<BodyOptions> = { limit: true }

/** In bytes: enough for forms and JSON, and small enough for hundreds of bodies at once. */
const DEFAULT_BODY_LIMIT = 1_048_576

/**
 * Small chunks that wait are merged up to this length in bytes. Each chunk has a memory overhead,
 * which a client could exploit by sending single bytes.
 */
const LONGEST_JOINT = 1024

const DONE: IteratorReturnResult<void> = { done: true, value: undefined }

type State = 'receiving' | 'complete' | 'failed'

/**
 * The body of a request on its way from the connection to the application: a queue of chunks,
 * bounded by the stream's flow-control window.
 */
export class IncomingBody implements RequestBody {
  readonly #events: IncomingBodyEvents
  #chunks: OctetVector[] = []
  #state: State
  #used = false
  #givenUp = false
  /** Readers wait for this promise when the queue is empty. */
  #arrival: Promise<void> | undefined
  #wake: (() => void) | undefined

  constructor(state: State, events: IncomingBodyEvents) {
    this.#state = state
    this.#events = events
  }

  /** Adds a chunk. @returns whether it is kept */
  receive(octets: OctetVector): boolean {
    const isKept = octets.length > 0 && !this.#givenUp
    if (isKept) this.#add(octets)
    this.#wakeReader()
    return isKept
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

  /** The client is gone: a body that isn't complete is of no use. One that is can still be read. */
  abandon(): void {
    if (this.#state === 'receiving') this.#drop()
    this.fail()
  }

  /**
   * Written by hand, because a generator creates two more promises for each chunk. Benchmark: `npm
   * run bench` (http2-bodies).
   */
  [Symbol.asyncIterator](): AsyncIterator<OctetVector, void> {
    let begun = false
    return {
      next: async () => {
        if (!begun) this.#use()
        begun = true
        return this.#next()
      },
      // Leaving the loop early discards the rest.
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
        'The client cancelled the request before the end of its body.',
      )
    }
    this.#arrival ??= new Promise((resolve) => {
      this.#wake = resolve
    })
    return this.#arrival.then(() => this.#next())
  }

  /** Everything that arrives from now on is discarded. */
  #giveUp(): void {
    this.#givenUp = true
    this.#drop()
  }

  #drop(): void {
    const count = this.#chunks.reduce((sum, { length }) => sum + length, 0)
    this.#chunks = []
    if (count > 0) this.#events.onDropped?.(count)
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
          `The request's body is longer than ${limit} bytes: increase the option limit, or iterate over the body.`,
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
    if (this.#used)
      throw new RequestBodyError('BODY_USED', "A request's body can only be read once.")
    this.#used = true
    this.#events.onRead()
  }

  #wakeReader(): void {
    this.#wake?.()
    this.#wake = undefined
    this.#arrival = undefined
  }
}
