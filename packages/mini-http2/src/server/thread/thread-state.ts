/** The phases of a thread. Each is stored as its index. */
const PHASES = ['starting', 'ready', 'leaving', 'gone'] as const

/** What a thread is doing: it loads, it serves, it ends as it should, or it has ended before it served. */
export type ThreadPhase = (typeof PHASES)[number]

const PHASE_CELL = 0
const APPLICATION_CELL = 1
const REPORTS_CELL = 2
const CELLS = 3

/** The value of the application's cell in a thread that does not keep account of it. */
const UNKNOWN = -1

/** The state of a thread, in memory shared with its parent thread, because a blocked thread answers no question. */
export class ThreadState {
  readonly #cells: Int32Array

  /** @param memory the result of {@link create} */
  constructor(memory: SharedArrayBuffer) {
    this.#cells = new Int32Array(memory)
  }

  /** Creates the memory of a thread that starts. */
  static create(): SharedArrayBuffer {
    const memory = new SharedArrayBuffer(CELLS * Int32Array.BYTES_PER_ELEMENT)
    new Int32Array(memory)[APPLICATION_CELL] = UNKNOWN
    return memory
  }

  get phase(): ThreadPhase {
    return PHASES[Atomics.load(this.#cells, PHASE_CELL)]!
  }

  /** For the thread. */
  setPhase(phase: ThreadPhase): void {
    Atomics.store(this.#cells, PHASE_CELL, PHASES.indexOf(phase))
    Atomics.notify(this.#cells, PHASE_CELL)
  }

  /** Blocks the calling thread until this one has started. @param milliseconds the longest wait */
  awaitStart(milliseconds: number): void {
    Atomics.wait(this.#cells, PHASE_CELL, PHASES.indexOf('starting'), milliseconds)
  }

  /** For the thread: from now on it says when it calls the application. */
  keepAccount(): void {
    this.#cells[APPLICATION_CELL] = 0
  }

  /** For the thread, before it calls the application. */
  enterApplication(): void {
    this.#cells[APPLICATION_CELL]! += 1
  }

  /** For the thread, when the application has returned. */
  leaveApplication(): void {
    this.#cells[APPLICATION_CELL]! += 1
  }

  /**
   * The number of the application's call that has not returned; undefined outside of the application. 0 for a thread
   * that keeps no account.
   */
  get applicationCall(): number | undefined {
    const count = Atomics.load(this.#cells, APPLICATION_CELL)
    if (count === UNKNOWN) return 0
    return count % 2 === 0 ? undefined : count
  }

  /** How many reports the parent thread has not taken. */
  get waitingReports(): number {
    return Atomics.load(this.#cells, REPORTS_CELL)
  }

  addReport(): void {
    Atomics.add(this.#cells, REPORTS_CELL, 1)
  }

  takeReport(): void {
    Atomics.sub(this.#cells, REPORTS_CELL, 1)
  }
}
