import { concatenate, type OctetVector } from '@h2lab/octets'
import { expect } from 'vitest'
import type { Connection, ConnectionState } from '../../src/connection'
import type { ConnectionError } from '../../src/errors'
import { type ParsedFrame, parseFrames } from './parse-frames'

/** The result of passing input to a connection. */
export interface Outcome {
  readonly output: OctetVector
  readonly frames: readonly ParsedFrame[]
  readonly state: ConnectionState
  readonly error: ConnectionError | undefined
}

/**
 * Up to this many octets, input is split at every position; longer input at about this many
 * positions.
 */
const MOST_SPLITS = 400

/**
 * Passes input to new connections: as a whole, split in two at every octet, and octet by octet.
 * Checks that the output and the final state don't depend on the split.
 *
 * @returns the result
 */
export function exchange(make: () => Connection, ...input: readonly OctetVector[]): Outcome {
  const whole = concatenate(...input)
  const outcome = receiveIn(make(), [whole])
  const step = Math.ceil(whole.length / MOST_SPLITS)
  for (let at = 1; at < whole.length; at += step) {
    const split = receiveIn(make(), [whole.subarray(0, at), whole.subarray(at)])
    expectSame(split, outcome, `split at ${at}`)
  }
  if (whole.length <= MOST_SPLITS * 100) {
    const octets = Array.from(whole, (_, at) => whole.subarray(at, at + 1))
    expectSame(receiveIn(make(), octets), outcome, 'octet by octet')
  }
  return outcome
}

/** Passes pieces to one connection, and takes its output after each. */
export function receiveIn(connection: Connection, pieces: readonly OctetVector[]): Outcome {
  const output: OctetVector[] = []
  for (const piece of pieces) {
    // A Buffer that is reused, like a read buffer. Its slice() shares memory.
    const borrowed = Buffer.from(piece)
    connection.receive(borrowed)
    borrowed.fill(0xff)
    output.push(takeAll(connection))
  }
  const all = concatenate(...output)
  return {
    output: all,
    frames: parseFrames(all),
    state: connection.state,
    error: connection.error,
  }
}

/** What has output, and may want turns: a server's side does, see `Connection`. */
export type Source = Pick<Connection, 'takeOutput'> &
  Partial<Pick<Connection, 'awaitsTurn' | 'takeTurn'>>

/** Lets a connection go on until it has done all that was to be done with its input. */
export function takeTurns(connection: Source): void {
  while (connection.awaitsTurn) connection.takeTurn?.()
}

/** Takes output until there is none, with all turns that the connection wants. */
export function takeAll(connection: Source): OctetVector {
  const runs: OctetVector[] = []
  for (;;) {
    takeTurns(connection)
    const run = connection.takeOutput()
    if (run !== undefined) runs.push(run)
    else if (!connection.awaitsTurn) return concatenate(...runs)
  }
}

function expectSame(split: Outcome, whole: Outcome, how: string): void {
  // Compares octets first, and then text, because a matcher takes seconds for 100,000 octets.
  const same = Buffer.compare(split.output, whole.output) === 0
  if (!same) expect(split.frames, how).toEqual(whole.frames)
  expect({ how, state: split.state, code: split.error?.code }).toEqual({
    how,
    state: whole.state,
    code: whole.error?.code,
  })
}
