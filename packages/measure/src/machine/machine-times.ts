import { readText } from '../processes/proc-files'
import { allowedCpus } from './cpus'

/** The times of several CPUs since boot, in seconds. */
export interface MachineTimes {
  /** Programs, and the kernel on their behalf. Interrupts are not included, because nobody can be blamed for them. */
  readonly busy: number
  /** Given to other machines by the hypervisor. */
  readonly stolen: number
}

const SECONDS_PER_TICK = 0.01

/**
 * Reads /proc/stat, proc(5), in hundredths of a second. Undefined if there is none.
 *
 * @param cpus the numbers of the CPUs. Default: those that this process may use. Load on the others does not matter
 *   here
 */
export function machineTimes(
  cpus: readonly number[] | undefined = allowedCpus(),
): MachineTimes | undefined {
  const text = readText('/proc/stat')
  if (text === undefined) return undefined
  return timesOf(text, cpus)
}

/** @param text in the format of /proc/stat */
export function timesOf(text: string, cpus: readonly number[] | undefined): MachineTimes {
  let [busy, stolen] = [0, 0]
  for (const [, cpu, line] of text.matchAll(/^cpu(\d+) (.*)$/gm)) {
    if (cpus !== undefined && !cpus.includes(Number(cpu))) continue
    const [user = 0, nice = 0, system = 0, , , , , steal = 0] = line!.split(' ').map(Number)
    busy += (user + nice + system) * SECONDS_PER_TICK
    stolen += steal * SECONDS_PER_TICK
  }
  return { busy, stolen }
}
