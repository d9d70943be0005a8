import { open } from 'node:fs/promises'
import { join } from 'node:path'
import type { Trial } from '../trial/trial'
import { TRIALS_FILE, writing } from './results-folder'

/**
 * The file of trials while a run writes it. Each trial is added as it ends, so a killed run keeps its completed
 * trials. Trials that can't be written are retried with the next one. The file never contains a partial line.
 */
export class TrialsFile {
  readonly #folder: string
  /** The number of octets in complete lines of the file. */
  #length = 0
  #unsaved: string[] = []

  constructor(folder: string) {
    this.#folder = folder
  }

  /** The lines not written yet, each with its line feed. */
  get unsaved(): readonly string[] {
    return this.#unsaved
  }

  /**
   * Adds a trial and writes all pending ones.
   *
   * @throws MeasureError `RESULTS_UNWRITABLE`; they stay pending until the next call
   */
  async add(trial: Trial): Promise<void> {
    this.#unsaved.push(`${JSON.stringify(trial)}\n`)
    await this.flush()
  }

  /**
   * Writes the pending lines.
   *
   * @throws MeasureError `RESULTS_UNWRITABLE`; they stay pending until the next call
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
