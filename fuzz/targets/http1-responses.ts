import { ResponseReader } from '../../packages/measure/src/load/http1/response-reader'
import { Input } from '../support/input'
import { check, checkSame } from '../support/invariant'
import { passInPieces, splits } from '../support/pieces'

/*
 * A server's HTTP/1.1 responses to the load generator:
 *
 *   requests (8), how the octets are split (8), octets
 *
 * Nothing throws, there are no more responses than requests, and they don't depend on how the input is split.
 */

export function fuzz(octets: Uint8Array): void {
  const input = new Input(octets)
  const requests = input.octet()
  const split = input.octet()
  const rest = input.rest()
  const outcomes = splits(split).map((lengths) => outcomeOf(requests, rest, lengths))
  for (const outcome of outcomes) {
    checkSame(outcome, outcomes[0], 'responses do not depend on how the input is split')
  }
}

function outcomeOf(requests: number, octets: Uint8Array, lengths: readonly number[]): unknown {
  const sent = requests & 7
  const statuses: number[] = []
  const reader = new ResponseReader(
    {
      isExpected: () => statuses.length < sent,
      onResponse: (status) => statuses.push(status),
    },
    requests >= 128 ? 'HEAD' : 'GET',
  )
  passInPieces(octets, lengths, (piece) => reader.receive(piece))
  const before = reader.state
  reader.receiveEnd()
  const { state, error } = reader
  check(state === 'closed', 'it is closed after the end')
  check(statuses.length <= sent, 'there are no more responses than requests')
  for (const status of statuses)
    check(status >= 200 && status <= 999, `a status is final: ${status}`)
  return { statuses, before, error: error?.message }
}
