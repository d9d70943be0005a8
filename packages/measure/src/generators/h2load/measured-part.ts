import type { ChildProcess } from 'node:child_process'
import { MeasureError } from '../../errors'
import { allowedTime, type Load, type LoadEvents } from '../load-generator'
import type { H2loadWatch } from './watch-h2load'

/*
 * The lines by which h2load tells where its measured part begins and ends, at once and without
 * waiting for anybody.
 */
const MEASURE_START = 'Main benchmark duration is started'
const MEASURE_END = 'Main benchmark duration is over'

/** How long it may take from there to its own end, in milliseconds. It is a matter of some. */
const END_TIME = 3000

/** Follows an h2load through its measured part, and tells of its beginning and end. */
export class MeasuredPart {
  /**
   * Rejects with what an event rejects with, or with a MeasureError `TIMED_OUT` if h2load takes
   * too long; resolves never.
   */
  readonly failed: Promise<never>

  readonly #startWatch: () => H2loadWatch
  readonly #events: LoadEvents
  #state: 'warming-up' | 'measuring' | 'over' = 'warming-up'
  #output = ''
  #watch: H2loadWatch | undefined
  /** Events are told one after another. */
  #told: Promise<void> = Promise.resolve()
  #fail: (error: unknown) => void = () => {}
  #timer: NodeJS.Timeout | undefined

  /** @param startWatch called when it begins to measure */
  constructor(child: ChildProcess, load: Load, events: LoadEvents, startWatch: () => H2loadWatch) {
    this.#startWatch = startWatch
    this.#events = events
    this.failed = new Promise((_, reject) => {
      this.#fail = reject
    })
    child.stdout?.on('data', (text: Buffer) => this.#read(text.toString()))
    const allowed = allowedTime(load)
    this.#giveUpAfter(allowed, `had no result after ${allowed} ms`)
  }

  /**
   * Returns what was seen of the measured part, when all events have been told.
   *
   * @throws MeasureError `GENERATOR_FAILED` if h2load did not say when it measured
   */
  async result(): Promise<ReturnType<H2loadWatch['stop']>> {
    await this.#told
    if (this.#state === 'over' && this.#watch !== undefined) return this.#watch.stop()
    throw new MeasureError(
      'GENERATOR_FAILED',
      'h2load did not say when it began and ended to measure.',
    )
  }

  stopWatching(): void {
    clearTimeout(this.#timer)
    this.#watch?.stop()
  }

  #read(text: string): void {
    if (this.#state === 'over') return
    this.#output += text
    if (this.#state === 'warming-up' && this.#output.includes(MEASURE_START)) {
      this.#state = 'measuring'
      this.#watch = this.#startWatch()
      this.#tell(() => this.#events.measureStart())
    }
    if (this.#state === 'measuring' && this.#output.includes(MEASURE_END)) {
      this.#state = 'over'
      this.#watch?.stop()
      this.#tell(() => this.#events.measureEnd())
      // So it is with h2load 1.52 if a client gets its connection only now, be it another one: the
      // server may have closed its first, in HTTP/1.1.
      const reason = 'did not end when its time was over: a client was not connected by then'
      this.#giveUpAfter(END_TIME, `${reason}. A longer warm-up helps, and so do fewer clients`)
    }
  }

  #giveUpAfter(milliseconds: number, reason: string): void {
    clearTimeout(this.#timer)
    const giveUp = () => this.#fail(new MeasureError('TIMED_OUT', `h2load ${reason}.`))
    this.#timer = setTimeout(giveUp, milliseconds)
  }

  #tell(event: () => Promise<void>): void {
    this.#told = this.#told.then(event)
    this.#told.catch(this.#fail)
  }
}
