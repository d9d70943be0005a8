import { cpus } from 'node:os'

/** Clocks of CPUs, in MHz. */
export interface Frequency {
  readonly lowest: number
  readonly highest: number
}

/** Tells how fast the CPUs run at this moment; undefined where nobody tells. */
export function currentFrequency(): Frequency | undefined {
  const speeds = cpus()
    .map(({ speed }) => speed)
    .filter((speed) => speed > 0)
  if (speeds.length === 0) return undefined
  return { lowest: Math.min(...speeds), highest: Math.max(...speeds) }
}

/** Joins what was told at several moments. */
export function frequencyRange(all: readonly Frequency[]): Frequency | undefined {
  if (all.length === 0) return undefined
  return {
    lowest: Math.min(...all.map(({ lowest }) => lowest)),
    highest: Math.max(...all.map(({ highest }) => highest)),
  }
}
