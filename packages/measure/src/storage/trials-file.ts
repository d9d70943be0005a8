import { open } from 'node:fs/promises'
import { join } from 'node:path'
import type { Trial } from '../trial/trial'
import { TRIALS_FILE, writing } from './results-folder'

/**
 * The file of the trials while a run writes it: each trial is added as it ends, so that a run that
 * is killed keeps those that have ended. What can't be written waits and is tried again with the
 * next trial; the file never holds a part of a line.
 */
export class TrialsFile {
  readonly #folder: string
  /** How many octets of whole lines the file has. */
  #length = 0
  #unsaved: string[] = []

  constructor(folder: string) {
    this.#folder = folder
  }

  /** The lines that are not in the file, each with its line feed. */
  get unsaved(): readonly string[] {
    return this.#unsaved
  }

  /**
   * Adds a trial, and those that wait.
   *
   * @throws MeasureError `RESULTS_UNWRITABLE`: they wait for the next call
   */
  async add(trial: Trial): Promise<void> {
    this.#unsaved.push(`${JSON.stringify(trial)}\n`)
    await this.flush()
  }

  /**
   * Writes the lines that wait.
   *
   * @throws MeasureError `RESULTS_UNWRITABLE`: they wait for the next call
   */
  async flush(): Promise<void> {
    if (this.#unsaved.length === 0) return
    const octets = Buffer.from(this.#unsaved.join(''))
    await writing(this.#folder, () => this.#append(octets))
    this.#length += octets.length
    this.#unsaved = []
  }

  async #append(octets: Buffer): Promise<void> {
    const file = await open(join(this.#folder, TRIALS_FILE), 'r+')
    try {
      let written = 0
      while (written < octets.length) {
        const { bytesWritten } = await file.write(octets, written, null, this.#length + written)
        written += bytesWritten
      }
    } catch (error) {
      await file.truncate(this.#length)
      throw error
    } finally {
      await file.close()
    }
  }
}
