import { EventEmitter } from 'node:events'
import type { Readable } from 'node:stream'
import * as v from '../../packages/measure/node_modules/valibot'
import { latencyOf, mergeTallies } from '../../packages/measure/src/load/merge-tallies'
import { type FromLoadWorker, fromLoadWorkerSchema } from '../../packages/measure/src/load/protocol'
import { readMessageLines } from '../../packages/measure/src/load/remote/message-lines'
import { Input } from '../support/input'
import { check, checkSame } from '../support/invariant'
import { passInPieces, splits } from '../support/pieces'

/*
 * What a load worker on another machine says:
 *
 *   how the octets are split (8), octets
 *
 * Messages don't depend on how the input is split. Nothing follows garbage. Tallies can be merged.
 */

export function fuzz(octets: Uint8Array): void {
  const input = new Input(octets)
  const split = input.octet()
  const rest = input.rest()
  const [first, ...others] = splits(split).map((lengths) => messagesIn(rest, lengths))
  for (const other of others) checkSame(other, first, 'messages do not depend on the split')
  for (const message of first ?? []) {
    if (typeof message === 'string' || !('tally' in message)) continue
    const { tally } = message
    const merged = mergeTallies([tally, tally])
    check(merged.started === 2 * tally.started, 'a merged tally is the sum')
    for (const latency of Object.values(latencyOf(merged))) {
      check(latency === null || latency >= 0, 'a latency is a number')
    }
  }
}

function messagesIn(octets: Uint8Array, lengths: readonly number[]): (FromLoadWorker | string)[] {
  const stream = new EventEmitter() as unknown as Readable
  const messages: (FromLoadWorker | string)[] = []
  let ended = false
  readMessageLines(
    stream,
    { parse: messageOf, before: 'noise' },
    {
      onMessage(message) {
        check(!ended, 'nothing follows garbage')
        messages.push(message)
      },
      onGarbage(line) {
        check(!ended, 'nothing follows garbage')
        ended = true
        messages.push(line)
      },
    },
  )
  passInPieces(octets, lengths, (piece) => stream.emit('data', piece))
  return messages
}

function messageOf(value: unknown): FromLoadWorker | undefined {
  const parsed = v.safeParse(fromLoadWorkerSchema, value)
  return parsed.success ? parsed.output : undefined
}
