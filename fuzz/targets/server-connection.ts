import { concatenate, octetize } from '@h2lab/octets'
import { CLIENT_PREFACE } from '../../packages/mini-http2/src/frame/client-preface'
import { makeSettingsFrame, SETTINGS_ACK_FRAME } from '../../packages/mini-http2/src/frame/settings'
import { atOnce, inManyWays } from '../support/applications'
import { Input } from '../support/input'
import { checkSame } from '../support/invariant'
import { passInPieces, splits } from '../support/pieces'
import { ServerSession } from '../support/server-session'
import { readStep, type Step } from '../support/steps'

/*
 * What a client does after the client preface, SETTINGS and their acknowledgement:
 *
 *   limits (4 octets), application (8), how input is split (8), steps
 *
 * Nothing throws, and all that `ServerSession` checks holds. If the application answers at once, the answers don't
 * depend on how the input is split.
 */

const OPENING = concatenate(CLIENT_PREFACE, makeSettingsFrame({}), SETTINGS_ACK_FRAME)

export async function fuzz(octets: Uint8Array): Promise<void> {
  const input = new Input(octets)
  const given = {
    maxWaitingOutput: input.choice([1_000_000, 1000, 60, 0]),
    maxConcurrentStreams: input.choice([128, 2, 1]),
    streamWindowSize: input.choice([262_144, 1000, 200]),
    maxConnectionMemory: input.choice([8_388_608, 100_000, 5000]),
  }
  const way = input.octet()
  const split = input.octet()
  const bursts = { resetBurst: 2, idleFrameBurst: 3, maxWaitingAcknowledgements: 2 }
  const limits = { ...given, ...((split & 0x40) !== 0 ? bursts : {}) }
  const memory = (split & 0x80) !== 0 ? { maxMemory: 120_000 } : {}
  const steps: Step[] = []
  while (!input.isAtEnd && steps.length < 300) steps.push(readStep(input))

  const session = new ServerSession({ ...limits, ...memory }, inManyWays(way), way >= 128)
  session.receive(OPENING)
  for (const step of steps) await session.step(step)
  await session.end()

  // Handlers that wait for output to be taken may come after a fault of later input.
  const ample = { ...limits, maxWaitingOutput: 1_000_000 }
  const sent = concatenate(OPENING, ...steps.map(octetsOf))
  const outcomes = []
  for (const lengths of splits(split)) outcomes.push(await outcomeOf(ample, sent, lengths))
  for (const outcome of outcomes) {
    checkSame(outcome, outcomes[0], 'answers do not depend on how the input is split')
  }
}

/** SETTINGS could close windows, and what is sent then depends on when they arrive. */
function octetsOf(step: Step): Uint8Array {
  const sends = step.kind === 'receive' && step.type !== 4 && step.type !== undefined
  return sends ? step.octets : octetize('')
}

async function outcomeOf(
  limits: ConstructorParameters<typeof ServerSession>[0],
  octets: Uint8Array,
  lengths: readonly number[],
): Promise<unknown> {
  const session = new ServerSession(limits, atOnce)
  passInPieces(octets, lengths, (piece) => {
    session.receive(piece)
    session.takeAll()
  })
  const { state, error } = session.connection
  return { state, code: error?.code, frames: await session.end() }
}
