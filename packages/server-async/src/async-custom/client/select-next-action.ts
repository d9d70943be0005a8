import {
  BIO_NEEDS_READ,
  CAN_READ_BIO,
  CAN_READ_PORT,
  CAN_READ_SSL,
  CAN_WRITE_PORT,
  CAN_WRITE_SSL,
  HANDSHAKE_NEEDED,
  HAS_DATA_TO_ENCRYPT,
  HAS_DATA_TO_WRITE,
  HAS_OUTPUT,
  HOLDS_INPUT,
  STATE_COUNT,
} from './client-state'

/** The actions. Each is implemented by a function of the same name. */
export type ActionName =
  | 'writeDataToSocket'
  | 'sslHandshake'
  | 'sslRead'
  | 'encryptData'
  | 'sendUnencryptedBytes'
  | 'moveEncryptedBytes'
  | 'processDataOnSocket'

/** When an action is possible. */
export interface ActionRule {
  readonly action: ActionName
  /** The numbers of its data flows in the diagram of the README. */
  readonly flows: string
  /** Bits that must be set. */
  readonly needs: number
  /** Bits that must not be set. */
  readonly unless: number
}

/**
 * The actions, most urgent first. Ready output is written before more is produced, all input is processed before
 * responses are taken, and nothing is read while output can be written. If the socket accepts no output, reading
 * continues (RFC 9113 section 5.2.2) as long as the connection processes the input. A connection that has done as much
 * as it may at once holds its input until its next turn.
 */
export const ACTION_RULES: readonly ActionRule[] = [
  {
    action: 'writeDataToSocket',
    flows: '6',
    needs: HAS_DATA_TO_WRITE | CAN_WRITE_PORT,
    unless: 0,
  },
  { action: 'sslHandshake', flows: '3', needs: CAN_READ_SSL | HANDSHAKE_NEEDED, unless: 0 },
  { action: 'sslRead', flows: '3', needs: CAN_READ_SSL, unless: HANDSHAKE_NEEDED | HOLDS_INPUT },
  {
    action: 'encryptData',
    flows: '4',
    needs: HAS_DATA_TO_ENCRYPT | CAN_WRITE_SSL,
    unless: HANDSHAKE_NEEDED,
  },
  {
    action: 'sendUnencryptedBytes',
    flows: 'output',
    needs: HAS_OUTPUT | CAN_WRITE_SSL,
    unless: HANDSHAKE_NEEDED | HAS_DATA_TO_ENCRYPT | HAS_DATA_TO_WRITE,
  },
  {
    action: 'moveEncryptedBytes',
    flows: '5',
    needs: CAN_READ_BIO | CAN_WRITE_PORT,
    unless: HAS_DATA_TO_WRITE,
  },
  {
    action: 'processDataOnSocket',
    flows: '1, 2',
    needs: CAN_READ_PORT | BIO_NEEDS_READ,
    unless: HAS_OUTPUT | HAS_DATA_TO_ENCRYPT | CAN_READ_BIO | HAS_DATA_TO_WRITE | HOLDS_INPUT,
  },
  {
    action: 'processDataOnSocket',
    flows: '1, 2',
    needs: CAN_READ_PORT | BIO_NEEDS_READ,
    unless: CAN_WRITE_PORT | HOLDS_INPUT,
  },
]

/** The next action for each state, so that a lookup is one load. */
const NEXT_ACTIONS: readonly (ActionName | undefined)[] = Array.from(
  { length: STATE_COUNT },
  (_, state) =>
    ACTION_RULES.find(({ needs, unless }) => (state & (needs | unless)) === needs)?.action,
)

/**
 * Returns the next action for a client.
 *
 * @param state a sum of the bits of `client-state`
 * @returns undefined if nothing is possible
 */
export function selectNextAction(state: number): ActionName | undefined {
  return NEXT_ACTIONS[state]
}

/** The stages that a group of clients passes through together. Within a stage, one client follows another. */
const STAGES: readonly (readonly ActionName[])[] = [
  ['processDataOnSocket'],
  ['sslHandshake', 'sslRead'],
  ['sendUnencryptedBytes', 'encryptData'],
  // In one stage, because all clients share the write buffer. It is empty again after these two.
  ['moveEncryptedBytes', 'writeDataToSocket'],
]

export const STAGE_COUNT = STAGES.length

/** The stage of the next action, for each state. */
const NEXT_STAGES = Int8Array.from(NEXT_ACTIONS, (action) =>
  STAGES.findIndex((actions) => action !== undefined && actions.includes(action)),
)

/**
 * Returns the stage of the next action.
 *
 * @param state a sum of the bits of `client-state`
 * @returns from 0 up to {@link STAGE_COUNT}; -1 if nothing is possible
 */
export function nextStage(state: number): number {
  return NEXT_STAGES[state] as number
}
