import { execFile, type ForkOptions } from 'node:child_process'
import { MeasureError } from '../errors'
import { readText } from '../processes/proc-files'

/** The CPUs that the generator and the servers run on. */
export interface Pinning {
  readonly generator: readonly number[]
  readonly servers: readonly number[]
}

/** The CPUs that this process may use; undefined if unknown. */
export function allowedCpus(): readonly number[] | undefined {
  const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(readText('/proc/self/status') ?? '')?.[1]
  return list === undefined ? undefined : parseCpuList(list)
}

/** Parses a list such as `0-3,8`, see cpuset(7). */
export function parseCpuList(list: string): number[] {
  return list.split(',').flatMap((range) => {
    const [first, last = first] = range.split('-').map(Number)
    return Array.from({ length: last! - first! + 1 }, (_, index) => first! + index)
  })
}

/**
 * Assigns one CPU to the generator, which has one thread, and the others to the servers. The other hardware thread of
 * the generator's core stays unused, unless no CPU would be left for the servers.
 *
 * @param siblingsOf returns the CPUs that share a core with a CPU, including itself
 * @throws MeasureError `USAGE` if there are fewer than two CPUs
 */
export function dividedCpus(
  cpus: readonly number[],
  siblingsOf: (cpu: number) => readonly number[] = coreOf,
): Pinning {
  const generator = cpus.at(-1)
  if (generator === undefined || cpus.length < 2) {
    throw cannotPin(`this process may use ${cpus.length === 1 ? 'one CPU only' : 'no CPU'}`)
  }
  const others = cpus.filter((cpu) => cpu !== generator)
  const core = siblingsOf(generator)
  const apart = others.filter((cpu) => !core.includes(cpu))
  return { generator: [generator], servers: apart.length > 0 ? apart : others }
}

/**
 * Determines how to run the generator and the servers on different CPUs.
 *
 * @throws MeasureError `USAGE` with the reason why this is not possible here
 */
export async function choosePinning(): Promise<Pinning> {
  const cpus = allowedCpus()
  if (cpus === undefined) throw cannotPin('there is no /proc that says which CPUs there are')
  const pinning = dividedCpus(cpus)
  const [command, ...args] = pinned(['true'], pinning.generator)
  const error = await new Promise((resolve) => execFile(command, args, resolve))
  if (error instanceof Error) {
    throw cannotPin(`taskset(1) of util-linux doesn't do it: ${error.message.split('\n', 1)[0]}`)
  }
  return pinning
}

/** Wraps a command to run on these CPUs; undefined: all. taskset(1) becomes the program. */
export function pinned(
  command: readonly [string, ...string[]],
  cpus: readonly number[] | undefined,
): readonly [string, ...string[]] {
  return cpus === undefined ? command : ['taskset', '--cpu-list', cpus.join(','), ...command]
}

/** The options to fork a Node.js process on these CPUs. */
export function nodeOn(
  cpus: readonly number[] | undefined,
): Required<Pick<ForkOptions, 'execPath' | 'execArgv'>> {
  const [execPath, ...execArgv] = pinned([process.execPath], cpus)
  return { execPath, execArgv }
}

function coreOf(cpu: number): readonly number[] {
  const list = readText(`/sys/devices/system/cpu/cpu${cpu}/topology/thread_siblings_list`)
  return list === undefined ? [cpu] : parseCpuList(list.trim())
}

function cannotPin(reason: string): MeasureError {
  return new MeasureError('USAGE', `--pin can't be had here: ${reason}.`)
}
