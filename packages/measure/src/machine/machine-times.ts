import { readText } from '../processes/proc-files'

/** What all CPUs of the machine together have done since it began, in seconds. */
export interface MachineTimes {
  /** Programs and the kernel on their behalf; without interrupts, whose share nobody can be blamed for. */
  readonly busy: number
  /** Given to other machines by the hypervisor. */
  readonly stolen: number
}

const SECONDS_PER_TICK = 0.01

/** Reads /proc/stat, see proc(5): hundredths of a second. Undefined where there is none. */
export function machineTimes(): MachineTimes | undefined {
  const all = readText('/proc/stat')?.split('\n', 1)[0]
  if (all === undefined) return undefined
  const [user = 0, nice = 0, system = 0, , , , , steal = 0] = all.split(/\s+/).slice(1).map(Number)
  return { busy: (user + nice + system) * SECONDS_PER_TICK, stolen: steal * SECONDS_PER_TICK }
}
