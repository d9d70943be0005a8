import type { Clip, ColumnValues, Instrument, SeriesRow } from './clip'

/** The clips of one trial, from enabling to the collected columns. */
export class AttachedClips<World> {
  readonly #attached: readonly { readonly clip: Clip<World>; readonly instrument: Instrument }[]
  readonly #series: SeriesRow[] = []
  readonly #timers: NodeJS.Timeout[] = []
  /** Pending collections of series. The end of the trial waits for them. */
  readonly #collecting = new Set<Promise<void>>()
  #beganAt = 0
  #columns: ColumnValues = {}

  constructor(clips: readonly Clip<World>[], world: World) {
    this.#attached = clips.map((clip) => ({ clip, instrument: clip.instrument(world) }))
  }

  /** The columns of the clips collected at the end. */
  get columns(): ColumnValues {
    return this.#columns
  }

  /** The rows of the other clips. */
  get series(): readonly SeriesRow[] {
    return this.#series
  }

  /** The measured part starts. */
  async enable(): Promise<void> {
    for (const { instrument } of this.#attached) await instrument.enable()
    this.#beganAt = performance.now()
    for (const { clip, instrument } of this.#attached) {
      if (clip.schedule.kind !== 'every') continue
      const collect = () => this.#collectRow(clip, instrument)
      this.#timers.push(setInterval(collect, clip.schedule.milliseconds))
    }
  }

  /** An event occurred that clips may be collected at. */
  signal(event: string): void {
    for (const { clip, instrument } of this.#attached) {
      if (clip.schedule.kind === 'at-event' && clip.schedule.event === event) {
        this.#collectRow(clip, instrument)
      }
    }
  }

  /** The measured part is over. Nothing is counted from here on. */
  async disable(): Promise<void> {
    this.stopTimers()
    await Promise.all(this.#collecting)
    for (const { instrument } of this.#attached) await instrument.disable?.()
  }

  /** Collects the columns at the end of the trial. */
  async collect(): Promise<void> {
    for (const { clip, instrument } of this.#attached) {
      if (clip.schedule.kind !== 'at-end') continue
      this.#columns = { ...this.#columns, ...checked(clip, await instrument.collect()) }
    }
  }

  /** Also called after a failed trial, so that no timer is left. */
  stopTimers(): void {
    for (const timer of this.#timers.splice(0)) clearInterval(timer)
  }

  #collectRow(clip: Clip<World>, instrument: Instrument): void {
    const at = performance.now() - this.#beganAt
    const collecting = (async () => {
      this.#series.push({ clip: clip.name, at, values: checked(clip, await instrument.collect()) })
      await instrument.reset?.()
    })()
    this.#collecting.add(collecting)
    const done = () => this.#collecting.delete(collecting)
    // A failed collection stays, and disable() passes on the reason.
    collecting.then(done, () => {})
  }
}

function checked<World>(clip: Clip<World>, values: ColumnValues): ColumnValues {
  for (const column of Object.keys(clip.columns)) {
    if (!(column in values)) throw new TypeError(`The clip ${clip.name} gave no ${column}.`)
  }
  return values
}
