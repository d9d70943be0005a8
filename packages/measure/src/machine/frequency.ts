import { cpus } from 'node:os'
import { readText } from '../processes/proc-files'

/** Clock frequencies of CPUs, in MHz. */
export interface Frequency {
  readonly lowest: number
  readonly highest: number
}

/** The current clock frequencies of the CPUs; undefined if unknown. */
export function currentFrequency(): Frequency | undefined {
  const scaled = cpus().flatMap((_, cpu) => scaledFrequency(cpu) ?? [])
  const speeds = scaled.length > 0 ? scaled : listedFrequencies()
  if (speeds.length === 0) return undefined
  return { lowest: Math.min(...speeds), highest: Math.max(...speeds) }
}

/** The range over several moments. */
export function frequencyRange(all: readonly Frequency[]): Frequency | undefined {
  if (all.length === 0) return undefined
  return {
    lowest: Math.min(...all.map(({ lowest }) => lowest)),
    highest: Math.max(...all.map(({ highest }) => highest)),
  }
}

/** The frequency reported by cpufreq, which virtual machines usually lack. */
function scaledFrequency(cpu: number): number | undefined {
  const kilohertz = readText(`/sys/devices/system/cpu/cpu${cpu}/cpufreq/scaling_cur_freq`)
  return kilohertz === undefined ? undefined : Math.round(Number(kilohertz) / 1000)
}

function listedFrequencies(): number[] {
  const listed = readText('/proc/cpuinfo')?.matchAll(/^cpu MHz\s*: ([\d.]+)$/gm)
  if (listed !== undefined) return [...listed].map(([, megahertz]) => Number(megahertz))
  return cpus()
    .map(({ speed }) => speed)
    .filter((speed) => speed > 0)
}
