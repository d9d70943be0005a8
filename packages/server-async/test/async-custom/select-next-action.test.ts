import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import {
  ANY_OUTPUT,
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
  stateNames,
} from '../../src/async-custom/client/client-state'
import {
  ACTION_RULES,
  type ActionName,
  nextStage,
  STAGE_COUNT,
  selectNextAction,
} from '../../src/async-custom/client/select-next-action'

const README = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')

/** The rules again, written as one would tell them; the code's are a table. */
function expectedAction(state: number): ActionName | undefined {
  const is = (bit: number) => (state & bit) !== 0
  if (is(HAS_DATA_TO_WRITE) && is(CAN_WRITE_PORT)) return 'writeDataToSocket'
  if (is(CAN_READ_SSL) && is(HANDSHAKE_NEEDED)) return 'sslHandshake'
  if (is(CAN_READ_SSL) && !is(HOLDS_INPUT)) return 'sslRead'
  if (!is(HANDSHAKE_NEEDED) && is(CAN_WRITE_SSL)) {
    if (is(HAS_DATA_TO_ENCRYPT)) return 'encryptData'
    if (is(HAS_OUTPUT) && !is(HAS_DATA_TO_WRITE)) return 'sendUnencryptedBytes'
  }
  if (is(CAN_READ_BIO) && is(CAN_WRITE_PORT)) return 'moveEncryptedBytes'
  if (is(CAN_READ_PORT) && is(BIO_NEEDS_READ) && !is(HOLDS_INPUT)) {
    if (!is(ANY_OUTPUT) || !is(CAN_WRITE_PORT)) return 'processDataOnSocket'
  }
  return undefined
}

const states = Array.from({ length: STATE_COUNT }, (_, state) => state)

describe('selectNextAction', () => {
  test('answers for every state as the rules say', () => {
    for (const state of states) {
      expect(selectNextAction(state), stateNames(state).join(' ')).toBe(expectedAction(state))
    }
  })

  test('nothing is read from the socket while output waits that it takes', () => {
    const waiting = states.filter(
      (state) => (state & ANY_OUTPUT) !== 0 && (state & CAN_WRITE_PORT) !== 0,
    )
    expect(waiting.map(selectNextAction)).not.toContain('processDataOnSocket')
  })

  test('nothing is read, nor decrypted, while the connection holds input', () => {
    const holding = states.filter((state) => (state & HOLDS_INPUT) !== 0)
    const actions = new Set(holding.map(selectNextAction))
    expect([...actions]).not.toContain('processDataOnSocket')
    expect([...actions]).not.toContain('sslRead')
  })

  test('the socket is read also while it takes no output', () => {
    const blocked = CAN_READ_PORT | BIO_NEEDS_READ | CAN_WRITE_SSL | HAS_DATA_TO_WRITE
    expect(selectNextAction(blocked | HAS_OUTPUT)).toBe('processDataOnSocket')
  })

  test('the write buffer, which all clients share, is filled only if it can be written at once', () => {
    for (const state of states) {
      if (selectNextAction(state) !== 'moveEncryptedBytes') continue
      expect(selectNextAction(state | HAS_DATA_TO_WRITE)).toBe('writeDataToSocket')
    }
  })

  test('nothing is encrypted before the handshake is done', () => {
    const early = states.filter((state) => (state & HANDSHAKE_NEEDED) !== 0).map(selectNextAction)
    for (const action of ['encryptData', 'sslRead', 'sendUnencryptedBytes']) {
      expect(early).not.toContain(action)
    }
  })
})

describe('nextStage', () => {
  test('is one of the stages if there is an action, and none otherwise', () => {
    for (const state of states) {
      const stage = nextStage(state)
      expect(stage < STAGE_COUNT && stage >= -1, String(stage)).toBe(true)
      expect(stage === -1).toBe(selectNextAction(state) === undefined)
    }
  })

  test('lets no other client use the write buffer between filling and writing it', () => {
    for (const state of states) {
      if (selectNextAction(state) !== 'moveEncryptedBytes') continue
      expect(nextStage(state | HAS_DATA_TO_WRITE)).toBe(nextStage(state))
    }
  })
})

describe('the README', () => {
  test('has the table of the actions as the code has it', () => {
    const names = (bits: number) => stateNames(bits).map((name) => `\`${name}\``)
    const rows = ACTION_RULES.map(({ action, flows, needs, unless }) => [
      `\`${action}\``,
      flows,
      names(needs).join(', '),
      names(unless).join(', '),
    ])
    const found = README.split('\n')
      .filter((line) => /^\| `(ssl|[a-z]+[A-Z])/.test(line) && line.includes('`CAN_'))
      .map((line) =>
        line
          .split('|')
          .slice(1, -1)
          .map((cell) => cell.trim()),
      )
    expect(found).toEqual(rows)
  })

  test('has a diagram with all flows, each with the actions that make it', () => {
    const diagram = /```text\n([^`]*processDataOnSocket[^`]*)```/.exec(README)![1]!
    for (const { action, flows } of ACTION_RULES) {
      expect(diagram).toContain(action)
      for (const flow of flows.match(/\d/g) ?? []) expect(diagram).toContain(`(${flow})`)
    }
  })
})
