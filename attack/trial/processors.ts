import { readdirSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { treeOf } from './process-state'

/** Linux counts CPU time for programs in hundredths of a second: proc(5). */
const TICKS_PER_SECOND = 100

/** Tells how much of the processors others take meanwhile. */
export class Processors {
  readonly #ours: ReadonlySet<number>
  readonly #since = performance.now()
  readonly #before: ReadonlyMap<number, number>

  /** @param pids the processes that are ours, whose children are too */
  constructor(pids: readonly (number | undefined)[]) {
    this.#ours = new Set(pids.filter((pid) => pid !== undefined).flatMap(treeOf))
    this.#before = this.#ticksOfOthers()
  }

  /** The share of all processors that others have taken since then, 0 to 1; undefined without /proc. */
  othersShare(): number | undefined {
    if (this.#before.size === 0) return undefined
    const seconds = (performance.now() - this.#since) / 1000
    let ticks = 0
    for (const [pid, now] of this.#ticksOfOthers()) {
      // What a process has waited for counts for it: its end takes nothing away.
      ticks += Math.max(0, now - (this.#before.get(pid) ?? 0))
    }
    return ticks / TICKS_PER_SECOND / seconds / availableParallelism()
  }

  /** CPU time of each process that this one can see, with that of its children that have ended. */
  #ticksOfOthers(): Map<number, number> {
    const ticks = new Map<number, number>()
    for (const name of namesIn('/proc')) {
      const pid = Number(name)
      if (Number.isInteger(pid) && !this.#ours.has(pid)) ticks.set(pid, ticksOf(pid))
    }
    return ticks
  }
}

/** 0 if it is gone. */
function ticksOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    // Behind the command's name, which may hold anything: utime, stime, cutime, cstime.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields.slice(11, 15).reduce((total, field) => total + Number(field), 0)
  } catch {
    return 0
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
