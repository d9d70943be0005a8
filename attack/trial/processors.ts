import { readFileSync } from 'node:fs'
import { treeOf } from './process-state'

/** What the processors have done since the machine started, in ticks. */
interface Ticks {
  readonly all: number
  readonly busy: number
  /** For each process of the suite and its servers. */
  readonly ours: readonly number[]
}

/** Tells how much of the processors others take meanwhile. */
export class Processors {
  readonly #ours: readonly number[]
  readonly #since: Ticks | undefined

  /** @param pids the processes that are ours, whose children are too */
  constructor(pids: readonly (number | undefined)[]) {
    this.#ours = [...new Set(pids.filter((pid) => pid !== undefined).flatMap(treeOf))]
    this.#since = this.#ticks()
  }

  /** The share of all processors that others have taken since then, 0 to 1; undefined without /proc. */
  othersShare(): number | undefined {
    const now = this.#ticks()
    if (now === undefined || this.#since === undefined) return undefined
    const { all, busy, ours } = this.#since
    const whole = now.all - all
    // One that has ended shows nothing any more.
    const used = now.ours.map((ticks, index) => Math.max(0, ticks - ours[index]!))
    const others = now.busy - busy - used.reduce((total, ticks) => total + ticks, 0)
    return whole === 0 ? undefined : Math.max(0, others) / whole
  }

  #ticks(): Ticks | undefined {
    try {
      // user, nice, system, idle, iowait, irq, softirq, steal: proc(5).
      const line = readFileSync('/proc/stat', 'latin1').split('\n', 1)[0]!
      const numbers = line.trim().split(/\s+/).slice(1, 9).map(Number)
      const all = numbers.reduce((total, one) => total + one, 0)
      return { all, busy: all - numbers[3]! - numbers[4]!, ours: this.#ours.map(ticksOf) }
    } catch {
      return undefined
    }
  }
}

/** User and system time of a process; 0 if it is gone. */
function ticksOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    // Behind the command's name, which may hold anything.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return Number(fields[11]) + Number(fields[12])
  } catch {
    return 0
  }
}
