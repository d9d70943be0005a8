import { createHash, type Hash } from 'node:crypto'
import { ClientConnection, prepareRequest } from '../../packages/mini-http2/src/client'
import { checkHeaderBlocks, outputFrames } from '../support/frames'
import { Input } from '../support/input'
import { check, checkSame } from '../support/invariant'
import { passInPieces, splits } from '../support/pieces'
import { readStep } from '../support/steps'

/*
 * A server's octets to the client:
 *
 *   requests (8), how the octets are split (8), steps, of which only those count that send something
 *
 * Nothing throws, events and output don't depend on how the input is split, each response ends once, and output is
 * valid frames.
 */

const GET = prepareRequest({ authority: 'localhost' })
const HEAD = prepareRequest({ authority: 'localhost', method: 'HEAD' })
const POST = prepareRequest({
  authority: 'localhost',
  method: 'POST',
  body: new Uint8Array(70_000),
})

export function fuzz(octets: Uint8Array): void {
  const input = new Input(octets)
  const requests = input.octet()
  const split = input.octet()
  const sent: Uint8Array[] = []
  while (!input.isAtEnd && sent.length < 300) {
    const step = readStep(input)
    if (step.kind === 'receive') sent.push(step.octets)
  }
  const all = Buffer.concat(sent)
  const outcomes = splits(split).map((lengths) => outcomeOf(requests, all, lengths))
  for (const outcome of outcomes) {
    checkSame(outcome, outcomes[0], 'events do not depend on how the input is split')
  }
}

function outcomeOf(requests: number, octets: Uint8Array, lengths: readonly number[]): unknown {
  const events: unknown[] = []
  const data = new Map<number, Hash>()
  const over = new Set<number>()
  const isTold = (streamId: number) =>
    check(!over.has(streamId), 'nothing is told of a response after its end')
  const isOver = (streamId: number) => {
    isTold(streamId)
    over.add(streamId)
    events.push(['data', streamId, data.get(streamId)?.digest('hex')])
  }
  const anything = requests >= 128
  const client = new ClientConnection(
    {
      onHeaders(streamId, status, fields) {
        if (!anything) isTold(streamId)
        check(status >= 100 && status <= 599, 'a response has a status')
        events.push(['headers', streamId, status, fields])
      },
      onData(streamId, piece) {
        if (!anything) isTold(streamId)
        if (!data.has(streamId)) data.set(streamId, createHash('sha1'))
        data.get(streamId)?.update(piece)
      },
      onEnd(streamId, status) {
        if (!anything) isOver(streamId)
        events.push(['end', streamId, status])
      },
      onReset(streamId, errorCode) {
        if (!anything) isOver(streamId)
        events.push(['reset', streamId, errorCode])
      },
      onMalformed(streamId, reason) {
        if (!anything) isOver(streamId)
        events.push(['malformed', streamId, reason])
      },
      onGoaway: (...told) => events.push(['goaway', ...told]),
    },
    { responsesTo: anything ? 'anything' : 'requests' },
  )
  const output: Uint8Array[] = []
  const takeAll = () => {
    for (let run = client.takeOutput(); run !== undefined; run = client.takeOutput()) {
      check(run.length <= 2 ** 20, 'a run of output is within its limit')
      output.push(new Uint8Array(run))
    }
  }
  for (let count = 0; count < (requests & 7); count++) {
    client.send([GET, HEAD, GET, POST][(count + (requests >> 3)) & 3] ?? GET)
  }
  passInPieces(octets, lengths, (piece) => client.receive(piece))
  takeAll()
  const { state, error, hasSettings } = client
  if (state === 'open') {
    client.send(GET)
    takeAll()
  }
  const frames = outputFrames(Buffer.concat(output).subarray(24))
  checkHeaderBlocks(frames)
  return { events, state, error: error?.message, hasSettings, frames }
}
