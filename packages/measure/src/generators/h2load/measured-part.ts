import type { ChildProcess } from 'node:child_process'
import { MeasureError } from '../../errors'
import { allowedTime, type Load, type LoadEvents } from '../load-generator'
import type { H2loadWatch } from './watch-h2load'

/*
 * The lines that h2load prints immediately when its measured part starts and ends.
 */
const MEASURE_START = 'Main benchmark duration is started'
const MEASURE_END = 'Main benchmark duration is over'

/** How long h2load may take from there to its exit, in milliseconds. Usually this takes a few. */
const END_TIME = 3000

/** Follows h2load through its measured part and reports its start and end. */
export class MeasuredPart {
  /**
   * Rejects with the error of an event, or with a MeasureError `TIMED_OUT` if h2load takes too long. Never resolves.
   */
  readonly failed: Promise<never>

  readonly #startWatch: () => H2loadWatch
  readonly #events: LoadEvents
  #state: 'warming-up' | 'measuring' | 'over' = 'warming-up'
  #output = ''
  #watch: H2loadWatch | undefined
  /** Events are reported one after another. */
  #told: Promise<void> = Promise.resolve()
  #fail: (error: unknown) => void = () => {}
  #timer: NodeJS.Timeout | undefined

  /** @param startWatch called when h2load starts to measure */
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
   * Returns the observations of the measured part, after all events were reported.
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
      // This happens with h2load 1.52 if a client only gets a connection now. It may be a second one: with HTTP/1.1
      // the server may have closed its first.
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
