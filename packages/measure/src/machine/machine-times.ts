import { readText } from '../processes/proc-files'
import { allowedCpus } from './cpus'

/** What some CPUs of the machine together have done since it began, in seconds. */
export interface MachineTimes {
  /** Programs and the kernel on their behalf; without interrupts, whose share nobody can be blamed for. */
  readonly busy: number
  /** Given to other machines by the hypervisor. */
  readonly stolen: number
}

const SECONDS_PER_TICK = 0.01

/**
 * Reads /proc/stat, see proc(5): hundredths of a second. Undefined where there is none.
 *
 * @param cpus their numbers. Default: those that this process may use. What others do on the rest disturbs nobody here
 */
export function machineTimes(
  cpus: readonly number[] | undefined = allowedCpus(),
): MachineTimes | undefined {
  const text = readText('/proc/stat')
  if (text === undefined) return undefined
  return timesOf(text, cpus)
}

/** @param text as /proc/stat has it */
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
