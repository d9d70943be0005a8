import type { NeighbourReport } from '../processes/messages'
import type { Outcome } from '../trial/outcome'
import { count, MIB, rateOf } from '../trial/promises'
import { cellOf, rowOf } from './table'

/** A line for an attack that is over, with what was sent and what the neighbour had. */
export function progressLine(outcome: Outcome, done: number, all: number): string {
  const { server, result } = outcome
  const begin = `[${done}/${all}] ${server}, ${rowOf(outcome)}: `
  if (result.kind === 'not-tried') return `${begin}not tried, ${result.reason}`
  if (result.kind === 'failed') return begin + cellOf(outcome)
  const { attacker, neighbour, othersShare, process } = result.measurements
  const facts = [
    `sent ${rateText(attacker.octets / attacker.seconds)} on ${count(attacker.opened)} connections`,
    ...(attacker.cutOff > 0 ? [`${count(attacker.cutOff)} ended`] : []),
    ...(attacker.refused > 0 ? [`${count(attacker.refused)} refused`] : []),
    ...(neighbour === undefined
      ? []
      : [
          `neighbour ${seen(neighbour.beside)}`,
          ...(neighbour.control === undefined
            ? []
            : [`beside ordinary clients ${seen(neighbour.control.neighbour)}`]),
        ]),
    ...(othersShare === undefined ? [] : [`others ${Math.round(othersShare * 100)} % CPU`]),
    ...(process === undefined
      ? []
      : [
          `memory ${[process.memoryBefore, process.memoryPeak, process.memoryAfter]
            .map((octets) => count(octets / MIB))
            .join(' > ')} MiB`,
        ]),
  ]
  return `${begin}${cellOf(outcome)} (${facts.join(', ')})`
}

function seen(report: NeighbourReport): string {
  return `${count(rateOf(report))}/s and p99 ${report.p99.toFixed(1)} ms`
}

function rateText(octetsPerSecond: number): string {
  return octetsPerSecond >= MIB
    ? `${(octetsPerSecond / MIB).toFixed(1)} MiB/s`
    : `${count(octetsPerSecond / 1024)} KiB/s`
}
