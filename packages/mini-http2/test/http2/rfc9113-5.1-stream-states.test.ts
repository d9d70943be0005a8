import { concatenate, type OctetVector } from '@h2lab/octets'
import { describe, expect, test } from 'vitest'
import {
  type StreamEvent,
  type StreamState,
  TRANSITIONS,
  type Transition,
} from '../../src/http2/streams/stream-state'
import {
  continuationFrame,
  dataFrame,
  headersFrame,
  hex,
  priorityFrame,
  pushPromiseFrame,
  rawFrame,
  rstStreamFrame,
  windowUpdateFrame,
} from '../support/frames'
import { Conversation } from '../support/http2'
import { GET_BLOCK, getRequest } from '../support/requests'

const STATES = Object.keys(TRANSITIONS) as StreamState[]
const EVENTS = Object.keys(TRANSITIONS.idle) as StreamEvent[]

/** The stream under test. */
const ID = 5

/** Brings stream 5 of a new connection into a state. */
const REACH: Readonly<Record<StreamState, (conversation: Conversation) => void>> = {
  idle: (conversation) => conversation.send(getRequest(3)),
  open: (conversation) => conversation.send(headersFrame(ID, GET_BLOCK)),
  'half-closed (local)': (conversation) => {
    REACH.open(conversation)
    conversation.last.response.send(200)
    conversation.take()
  },
  'half-closed (remote)': (conversation) => conversation.send(getRequest(ID)),
  closed: (conversation) => {
    REACH['half-closed (remote)'](conversation)
    conversation.last.response.send(200)
    conversation.take()
  },
  reset: (conversation) => {
    REACH.open(conversation)
    conversation.last.response.reset()
    conversation.take()
  },
  skipped: (conversation) => conversation.send(getRequest(7)),
}

/** `x-test: one`, as trailers. */
const TRAILERS = hex('00 06 78 2d 74 65 73 74 03 6f 6e 65')

/** The frame that causes an event. HEADERS are a request or trailers, depending on the state. */
const RECEIVED: Partial<Record<StreamEvent, (state: StreamState) => OctetVector>> = {
  'receive HEADERS': (state) => headersFrame(ID, blockIn(state)),
  'receive HEADERS, END_STREAM': (state) => headersFrame(ID, blockIn(state), { endStream: true }),
  'receive DATA': () => dataFrame(ID, 'abc'),
  'receive DATA, END_STREAM': () => dataFrame(ID, 'abc', { endStream: true }),
  'receive RST_STREAM': () => rstStreamFrame(ID),
  'receive WINDOW_UPDATE': () => windowUpdateFrame(ID, 1),
}

function blockIn(state: StreamState): OctetVector {
  return state === 'idle' || state === 'skipped' ? GET_BLOCK : TRAILERS
}

function inState(state: StreamState): Conversation {
  const conversation = new Conversation()
  REACH[state](conversation)
  return conversation
}

test('the table of transitions is total, and leads to states that are in it', () => {
  for (const state of STATES) {
    expect(Object.keys(TRANSITIONS[state]).sort()).toEqual([...EVENTS].sort())
    for (const transition of Object.values(TRANSITIONS[state])) {
      if (transition.kind === 'next') expect(STATES).toContain(transition.state)
    }
  }
})

test('every state can be reached from idle by events of the table, but the one that is left out', () => {
  const reached = new Set<StreamState>(['idle'])
  for (const state of reached) {
    for (const transition of Object.values(TRANSITIONS[state])) {
      if (transition.kind === 'next') reached.add(transition.state)
    }
  }
  expect([...reached].sort()).toEqual(STATES.filter((state) => state !== 'skipped').sort())
})

describe.each(STATES)('a stream that is %s', (state) => {
  test.each(Object.keys(RECEIVED) as StreamEvent[])('and %s: does what the table says', (event) => {
    const conversation = inState(state)
    const answers = conversation.send((RECEIVED[event] as (s: StreamState) => OctetVector)(state))
    expectReaction(conversation, answers, TRANSITIONS[state][event])
  })

  test('and receives PRIORITY: it has no effect', () => {
    const conversation = inState(state)
    expect(conversation.send(priorityFrame(ID))).toEqual([])
    expect(conversation.connection.state).toBe('open')
  })

  test('and receives a frame of unknown type: it has no effect', () => {
    const conversation = inState(state)
    expect(conversation.send(rawFrame(0xbb, 0xff, ID, 'abc'))).toEqual([])
    expect(conversation.connection.state).toBe('open')
  })

  test('and receives CONTINUATION: a connection error PROTOCOL_ERROR', () => {
    expect(inState(state).send(continuationFrame(ID, TRAILERS))).toMatchObject([
      { type: 'GOAWAY', errorCode: 'PROTOCOL_ERROR' },
    ])
  })

  test('and receives PUSH_PROMISE: a connection error PROTOCOL_ERROR', () => {
    expect(inState(state).send(pushPromiseFrame(ID, 8, GET_BLOCK))).toMatchObject([
      { type: 'GOAWAY', errorCode: 'PROTOCOL_ERROR' },
    ])
  })
})

function expectReaction(
  conversation: Conversation,
  answers: ReturnType<Conversation['send']>,
  transition: Transition,
): void {
  const { connection } = conversation
  switch (transition.kind) {
    case 'next':
      expect(answers).toEqual([])
      expectState(conversation, transition.state)
      break
    case 'ignored':
      expect(answers).toEqual([])
      expect(connection.state).toBe('open')
      break
    case 'fault':
      if (transition.scope === 'stream') {
        expect(answers).toMatchObject([
          { type: 'RST_STREAM', streamId: ID, errorCode: transition.code },
        ])
        expect(connection.state).toBe('open')
        expectState(conversation, 'reset')
      } else {
        expect(answers).toMatchObject([{ type: 'GOAWAY', errorCode: transition.code }])
        expect(connection).toMatchObject({ state: 'closed', error: { code: transition.code } })
      }
      break
    case 'impossible':
      expect.unreachable('no frame is received in such an event')
  }
}

/**
 * The state determines whether the application may respond, and the reaction to DATA and
 * WINDOW_UPDATE.
 */
function expectState(conversation: Conversation, state: StreamState): void {
  const { response } = conversation.last
  expect(response.ended).toBe(state !== 'open' && state !== 'half-closed (remote)')
  const answers = conversation.send(dataFrame(ID, 'abc'))
  const transition = TRANSITIONS[state]['receive DATA']
  if (transition.kind !== 'fault') expect(answers).toEqual([])
  else if (transition.scope === 'stream') {
    expect(answers).toMatchObject([{ type: 'RST_STREAM', errorCode: transition.code }])
  } else expect(answers).toMatchObject([{ type: 'GOAWAY', errorCode: transition.code }])
}

describe('an application never sends on a stream where the table says impossible:', () => {
  test.each(['half-closed (local)', 'closed', 'reset'] as const)('one that is %s', (state) => {
    const conversation = inState(state)
    const { response } = conversation.last
    for (const step of [
      () => response.send(200),
      () => response.writeHead(200),
      () => response.write('abc'),
      () => response.end(),
      () => response.informational(103),
    ]) {
      try {
        step()
      } catch {
        // Misuse throws. Only the output matters here.
      }
    }
    expect(conversation.take()).toEqual([])
  })

  test.each(['closed', 'reset'] as const)('nor RST_STREAM on one that is %s', (state) => {
    const conversation = inState(state)
    conversation.last.response.reset()
    expect(conversation.take()).toEqual([])
  })

  test('but RST_STREAM on one that is half-closed (local), once', () => {
    const conversation = inState('half-closed (local)')
    conversation.last.response.reset('NO_ERROR')
    conversation.last.response.reset('NO_ERROR')
    expect(conversation.take()).toMatchObject([{ type: 'RST_STREAM', errorCode: 'NO_ERROR' }])
  })
})

describe('of closed streams little is remembered:', () => {
  /** Resets streams from 1 on, consecutive ones or every second one. */
  function withResets(count: number, every: 1 | 2): Conversation {
    const conversation = new Conversation({ limits: { resetBurst: 10_000 } })
    for (let index = 0; index < count * every; index++) {
      conversation.send(getRequest(2 * index + 1))
      if (index % every === 0) conversation.last.response.reset()
      else conversation.last.response.send(200)
    }
    conversation.take()
    return conversation
  }

  test('all that were reset in a row are told from those that ended', () => {
    const conversation = withResets(5000, 1)
    expect(conversation.send(dataFrame(1, 'abc'))).toEqual([])
    expect(conversation.send(dataFrame(9999, 'abc'))).toEqual([])
  })

  test('of those that were reset between others, the last 1024', () => {
    const conversation = withResets(1025, 2)
    expect(conversation.send(dataFrame(5, 'abc'))).toEqual([])
    expect(conversation.send(dataFrame(4097, 'abc'))).toEqual([])
    expect(conversation.send(dataFrame(1, 'abc'))).toMatchObject([
      { type: 'GOAWAY', errorCode: 'STREAM_CLOSED' },
    ])
  })

  test('the last 64 gaps are told from streams that ended', () => {
    const ids = Array.from({ length: 70 }, (_, index) => 4 * index + 3)
    const requests = concatenate(...ids.map(getRequest))
    const conversation = new Conversation({ app: (_, response) => response.send(200) })
    conversation.send(requests)
    expect(conversation.send(getRequest(277))).toMatchObject([{ errorCode: 'PROTOCOL_ERROR' }])
    const other = new Conversation({ app: (_, response) => response.send(200) })
    other.send(requests)
    expect(other.send(getRequest(1))).toMatchObject([{ errorCode: 'STREAM_CLOSED' }])
  })
})
