import type { ErrorCodeName } from '../../frame/error-code'

/**
 * The states of a stream on a server, RFC 9113 section 5.1. There are no reserved states, because
 * the server doesn't push. There are several closed states, because the meaning of a late frame
 * depends on how the stream ended:
 *
 * - `closed`: both sides ended it, or the client reset it, and knows;
 * - `reset`: we reset it, and the client may have sent frames before it knew;
 * - `skipped`: never used, but the client has used a higher identifier (section 5.1.1).
 *
 * ```
 *            receive HEADERS                receive END_STREAM
 *    idle ----------------------> open ---------------------------> half-closed (remote)
 *                                   |                                        |
 *                    send END_STREAM|                         send END_STREAM|
 *                                   v        receive END_STREAM              v
 *                        half-closed (local) ---------------------------> closed
 * ```
 */
export type StreamState =
  | 'idle'
  | 'open'
  | 'half-closed (local)'
  | 'half-closed (remote)'
  | 'closed'
  | 'reset'
  | 'skipped'

/** An event of a stream. */
export type StreamEvent =
  | 'receive HEADERS'
  | 'receive HEADERS, END_STREAM'
  | 'receive DATA'
  | 'receive DATA, END_STREAM'
  | 'receive RST_STREAM'
  | 'receive WINDOW_UPDATE'
  | 'send HEADERS'
  | 'send END_STREAM'
  | 'send RST_STREAM'
  /** The connection has ended. */
  | 'lose connection'
  /** The client sends nothing more: incomplete requests can't be completed. */
  | 'lose input'

/** The effect of an event on a stream. */
export type Transition =
  | { readonly kind: 'next'; readonly state: StreamState }
  /** The frame has no effect and is not a fault. */
  | { readonly kind: 'ignored' }
  | {
      readonly kind: 'fault'
      readonly scope: 'stream' | 'connection'
      readonly code: ErrorCodeName
    }
  /** A bug of this server: nothing is sent in this state. */
  | { readonly kind: 'impossible' }

const ignored: Transition = { kind: 'ignored' }
const impossible: Transition = { kind: 'impossible' }
const next = (state: StreamState): Transition => ({ kind: 'next', state })
const fault = (scope: 'stream' | 'connection', code: ErrorCodeName): Transition => ({
  kind: 'fault',
  scope,
  code,
})

const notOpenYet = fault('connection', 'PROTOCOL_ERROR')
const endedBefore = fault('stream', 'STREAM_CLOSED')
const endedLongAgo = fault('connection', 'STREAM_CLOSED')
/** Trailers must end the stream: HEADERS in the middle of a message are malformed, section 8.1. */
const trailersWithoutEnd = fault('stream', 'PROTOCOL_ERROR')

/** Ends every open state. */
const connectionLost = { 'lose connection': next('closed') }
const nothingToLose = { 'lose connection': ignored, 'lose input': ignored }

const nothingSent = {
  'send HEADERS': impossible,
  'send END_STREAM': impossible,
  'send RST_STREAM': impossible,
}

/** The state machine: the transition for each state and event. */
export const TRANSITIONS: Readonly<Record<StreamState, Readonly<Record<StreamEvent, Transition>>>> =
  {
    idle: {
      'receive HEADERS': next('open'),
      'receive HEADERS, END_STREAM': next('half-closed (remote)'),
      'receive DATA': notOpenYet,
      'receive DATA, END_STREAM': notOpenYet,
      'receive RST_STREAM': notOpenYet,
      'receive WINDOW_UPDATE': notOpenYet,
      ...nothingToLose,
      ...nothingSent,
    },
    open: {
      'receive HEADERS': trailersWithoutEnd,
      'receive HEADERS, END_STREAM': next('half-closed (remote)'),
      'receive DATA': next('open'),
      'receive DATA, END_STREAM': next('half-closed (remote)'),
      'receive RST_STREAM': next('closed'),
      'receive WINDOW_UPDATE': next('open'),
      'send HEADERS': next('open'),
      'send END_STREAM': next('half-closed (local)'),
      'send RST_STREAM': next('reset'),
      'lose input': next('closed'),
      ...connectionLost,
    },
    'half-closed (local)': {
      'receive HEADERS': trailersWithoutEnd,
      'receive HEADERS, END_STREAM': next('closed'),
      'receive DATA': next('half-closed (local)'),
      'receive DATA, END_STREAM': next('closed'),
      'receive RST_STREAM': next('closed'),
      'receive WINDOW_UPDATE': next('half-closed (local)'),
      'send HEADERS': impossible,
      'send END_STREAM': impossible,
      'send RST_STREAM': next('reset'),
      'lose input': next('closed'),
      ...connectionLost,
    },
    'half-closed (remote)': {
      'receive HEADERS': endedBefore,
      'receive HEADERS, END_STREAM': endedBefore,
      'receive DATA': endedBefore,
      'receive DATA, END_STREAM': endedBefore,
      'receive RST_STREAM': next('closed'),
      'receive WINDOW_UPDATE': next('half-closed (remote)'),
      'send HEADERS': next('half-closed (remote)'),
      'send END_STREAM': next('closed'),
      'send RST_STREAM': next('reset'),
      'lose input': ignored,
      ...connectionLost,
    },
    closed: {
      'receive HEADERS': endedLongAgo,
      'receive HEADERS, END_STREAM': endedLongAgo,
      'receive DATA': endedLongAgo,
      'receive DATA, END_STREAM': endedLongAgo,
      'receive RST_STREAM': ignored,
      'receive WINDOW_UPDATE': ignored,
      ...nothingToLose,
      ...nothingSent,
    },
    reset: {
      'receive HEADERS': ignored,
      'receive HEADERS, END_STREAM': ignored,
      'receive DATA': ignored,
      'receive DATA, END_STREAM': ignored,
      'receive RST_STREAM': ignored,
      'receive WINDOW_UPDATE': ignored,
      ...nothingToLose,
      ...nothingSent,
    },
    skipped: {
      // The identifier is lower than one used before: section 5.1.1.
      'receive HEADERS': notOpenYet,
      'receive HEADERS, END_STREAM': notOpenYet,
      'receive DATA': endedLongAgo,
      'receive DATA, END_STREAM': endedLongAgo,
      'receive RST_STREAM': ignored,
      'receive WINDOW_UPDATE': ignored,
      ...nothingToLose,
      ...nothingSent,
    },
  }

/** Returns the transition for an event in a state. */
export function transition(state: StreamState, event: StreamEvent): Transition {
  return TRANSITIONS[state][event]
}
