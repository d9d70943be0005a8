import { prebuildResponse } from '../../packages/mini-http2/src'
import { MiniConnection } from '../../packages/mini-http2/src/protocol'
import { atOnce } from '../support/applications'
import { outputFrames } from '../support/frames'
import { Input } from '../support/input'
import { check, checkSame } from '../support/invariant'
import { passInPieces, splits } from '../support/pieces'
import { ServerSession } from '../support/server-session'

/*
 * A client's first octets, whatever they are, to the protocols `http2` and `mini`:
 *
 *   how they are split (8), octets
 *
 * Nothing throws, and the answers don't depend on how the input is split.
 */

const RESPONSE = prebuildResponse({ status: 200, headers: {}, body: 'Hello World\n' })

export async function fuzz(octets: Uint8Array): Promise<void> {
  const input = new Input(octets)
  const split = input.octet()
  const rest = input.rest()
  // SETTINGS could close windows, and what is sent then depends on when they arrive.
  const comparable = !rest.includes(4, 24 + 9)
  const outcomes: unknown[] = []
  const minis: unknown[] = []
  for (const lengths of splits(split)) {
    outcomes.push(await http2(rest, lengths))
    minis.push(mini(rest, lengths))
  }
  for (const [index, outcome] of outcomes.entries()) {
    if (comparable) checkSame(outcome, outcomes[0], 'http2 does not depend on the split')
    checkSame(minis[index], minis[0], 'mini does not depend on the split')
  }
}

async function http2(octets: Uint8Array, lengths: readonly number[]): Promise<unknown> {
  const session = new ServerSession({}, atOnce)
  passInPieces(octets, lengths, (piece) => {
    session.receive(piece)
    session.takeAll()
  })
  session.connection.endInput()
  session.takeAll()
  const { state, error } = session.connection
  return { state, code: error?.code, frames: await session.end() }
}

function mini(octets: Uint8Array, lengths: readonly number[]): unknown {
  const connection = new MiniConnection(RESPONSE)
  const output: Uint8Array[] = []
  const takeAll = () => {
    for (let run = connection.takeOutput(); run !== undefined; run = connection.takeOutput()) {
      output.push(new Uint8Array(run))
    }
  }
  passInPieces(octets, lengths, (piece) => {
    connection.receive(piece)
    takeAll()
  })
  connection.endInput()
  takeAll()
  const { state, error } = connection
  if (error !== undefined) check(state === 'closed', 'a fault closes the connection')
  return { state, code: error?.code, frames: outputFrames(Buffer.concat(output)) }
}
