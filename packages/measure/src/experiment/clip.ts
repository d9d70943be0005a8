import type { OptionNamesOf } from '@h2lab/octets'
import { checkOptionNames } from '../option-names'

/**
 * A clip, a term of the Common Lisp Instrumentation Package: a named instrument that is enabled, reset and disabled
 * around a trial and yields one or more columns.
 */
export interface Clip<World> {
  readonly name: string
  /** What it measures, in one line. */
  readonly title: string
  /** The columns: from name to unit and meaning. */
  readonly columns: Readonly<Record<string, string>>
  /** When the columns are collected. */
  readonly schedule: ClipSchedule
  /** Attaches the clip to a world. Called once per trial. */
  instrument(world: World): Instrument
}

export type ClipSchedule =
  /** Once, at the end of the trial. The columns become those of the trial. */
  | { readonly kind: 'at-end' }
  /** Periodically: a series of rows. */
  | { readonly kind: 'every'; readonly milliseconds: number }
  /** Each time the simulator signals this event: a series of rows. */
  | { readonly kind: 'at-event'; readonly event: string }

/** A clip attached to one trial. */
export interface Instrument {
  /** Called when the measured part starts. Counting starts here. */
  enable(): void | Promise<void>
  /** Called when the measured part ends, before the columns are collected at the end. */
  disable?(): void | Promise<void>
  /** Called after each collection of a series, to count from zero again. */
  reset?(): void | Promise<void>
  /** Returns a value for each column. */
  collect(): ColumnValues | Promise<ColumnValues>
}

export type ColumnValues = Readonly<Record<string, string | number | boolean | null>>

/** One row of a series that a clip yielded during a trial. */
export interface SeriesRow {
  readonly clip: string
  /** Milliseconds since the measured part started. */
  readonly at: number
  readonly values: ColumnValues
}

const PARTS: OptionNamesOf<Clip<unknown>> = {
  name: true,
  title: true,
  columns: true,
  schedule: { kind: true, milliseconds: true, event: true },
  instrument: true,
}

/**
 * Defines a clip.
 *
 * @throws MeasureError `USAGE` if it has a property that does not exist
 * @throws TypeError if it has no name or no columns, or its schedule isn't positive
 */
export function defineClip<World>(clip: Clip<World>): Clip<World> {
  checkOptionNames(clip, PARTS)
  if (clip.name === '') throw new TypeError('A clip needs a name.')
  if (Object.keys(clip.columns).length === 0) {
    throw new TypeError(`The clip ${clip.name} needs a column at least.`)
  }
  if (clip.schedule.kind === 'every' && !(clip.schedule.milliseconds > 0)) {
    throw new TypeError(
      `The clip ${clip.name} can't be collected every ${clip.schedule.milliseconds} ms.`,
    )
  }
  return clip
}
