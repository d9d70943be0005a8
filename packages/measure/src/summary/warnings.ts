import type { Cell } from './cells'
import { formatCount, formatNumber } from './numbers'
import { rowName } from './row-name'

/*
 * Warnings about figures in words. Each names the implementations it is about.
 */

/** A larger share of dropped turns is reported. Some are always dropped if others use the machine. */
const MANY_DROPPED = 0.05

/** More CPU seconds per second of others are reported. */
const BUSY_OTHERS = 0.2

/** Warnings about the figures of a point. */
export function pointWarnings(cells: readonly Cell[]): string[] {
  const measured = cells.filter(({ completed }) => completed > 0)
  const about = (told: (cell: Cell) => string | undefined) =>
    measured.flatMap((cell) => {
      const text = told(cell)
      return text === undefined ? [] : [`${rowName(cell)} ${text}`]
    })
  return [
    ...about(failedText),
    ...about(unansweredText),
    ...about(refusalText),
    ...about(reconnectionText),
    ...about(inFlightText),
    ...about(unsentText),
    ...unsteadyText(measured),
    ...machineWarnings(measured),
    ...limitText(measured),
  ]
}

/** Warnings about other load on the machine. */
export function machineWarnings(cells: readonly Cell[]): string[] {
  return [...droppedText(cells), ...busyText(cells)]
}

/** Whether a closed loop had fewer requests in flight than requested. In an open loop this is normal. */
export function hadFewerInFlight({ mostInFlight, streams, offeredRate }: Cell): boolean {
  return offeredRate === null && mostInFlight !== null && mostInFlight < streams
}

function failedText({ requestsFailed, requestsUnanswered }: Cell): string | undefined {
  const failed = requestsFailed - requestsUnanswered
  if (failed <= 0) return undefined
  return `did not answer ${requests(failed)} correctly.`
}

function unansweredText({ requestsUnanswered }: Cell): string | undefined {
  if (requestsUnanswered === 0) return undefined
  return `left ${requests(requestsUnanswered)} without an answer.`
}

function refusalText({ refusals }: Cell): string | undefined {
  if (refusals === null || refusals === 0) return undefined
  return `refused requests ${formatCount(refusals)} ${refusals === 1 ? 'time' : 'times'} (REFUSED_STREAM): they were sent again, which is part of its cost.`
}

function reconnectionText({ reconnections }: Cell): string | undefined {
  if (reconnections === null || reconnections === 0) return undefined
  return `ended connections: ${formatCount(reconnections)} ${reconnections === 1 ? 'was' : 'were'} reopened, which is part of its cost.`
}

function inFlightText(cell: Cell): string | undefined {
  if (!hadFewerInFlight(cell)) return undefined
  const { mostInFlight, streams } = cell
  return `had at most ${requests(mostInFlight ?? 0)} in flight on a connection, not ${formatCount(streams)}.`
}

function unsentText({ requestsUnsent }: Cell): string | undefined {
  if (requestsUnsent === null || requestsUnsent === 0) return undefined
  return `got ${requests(requestsUnsent)} fewer than were due, because it had no room for them.`
}

function unsteadyText(cells: readonly Cell[]): string[] {
  const unsteady = cells.filter(({ notSteady }) => notSteady > 0)
  if (unsteady.length === 0) return []
  const names = unsteady.map((cell) => `${rowName(cell)} (${cell.notSteady} of ${cell.completed})`)
  return [`Not yet steady after the warm-up, with the number of repetitions: ${listed(names)}.`]
}

function droppedText(cells: readonly Cell[]): string[] {
  const dropped = sum(cells, ({ slicesDropped }) => slicesDropped)
  const all = dropped + sum(cells, ({ slices }) => slices)
  if (dropped === 0 || dropped / all < MANY_DROPPED) return []
  return [
    `${formatCount(dropped)} of ${formatCount(all)} turns were dropped because others used the machine.`,
  ]
}

function busyText(cells: readonly Cell[]): string[] {
  const taken = Math.max(0, ...cells.map(({ othersUtilisation }) => othersUtilisation ?? 0))
  if (taken < BUSY_OTHERS) return []
  return [`Others used up to ${formatNumber(taken)} CPUs of the machine during the run.`]
}

function limitText(cells: readonly Cell[]): string[] {
  const limited = cells.filter(({ limit }) => limit === 'generator').map(rowName)
  if (limited.length === 0) return []
  return [`The generator was the limit, not the server, for ${listed(limited)}.`]
}

/** Such as `a`, `a and b`, `a, b and c`. */
export function listed(names: readonly string[]): string {
  if (names.length < 2) return names.join('')
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}

function requests(count: number): string {
  return `${formatCount(count)} ${count === 1 ? 'request' : 'requests'}`
}

function sum(cells: readonly Cell[], column: (cell: Cell) => number | null): number {
  return cells.reduce((total, cell) => total + (column(cell) ?? 0), 0)
}
