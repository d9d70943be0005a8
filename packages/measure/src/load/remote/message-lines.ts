import type { Readable } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'

export interface MessageLineEvents<Message> {
  onMessage(message: Message): void
  /** A line is not a message. Nothing more is read. */
  onGarbage(line: string): void
}

export interface MessageLineOptions<Message> {
  /** Validates a value. Undefined if it is not a message. */
  readonly parse: (value: unknown) => Message | undefined
  /** What precedes the first message: `noise`, such as a login banner, which is skipped, or `nothing`. */
  readonly before: 'noise' | 'nothing'
}

/** The longest line, in characters. A plan contains the bodies of its requests. */
const LONGEST_LINE = 256 * 2 ** 20

/** How much noise is skipped, in characters. */
const MOST_NOISE = 2 ** 20

/** Reads messages, one per line of JSON. */
export function readMessageLines<Message>(
  stream: Readable,
  { parse, before }: MessageLineOptions<Message>,
  events: MessageLineEvents<Message>,
): void {
  const decoder = new StringDecoder('utf8')
  let state: 'noise' | 'messages' | 'ended' = before === 'noise' ? 'noise' : 'messages'
  let noise = 0
  let pieces: string[] = []
  let length = 0

  stream.on('data', (octets: Buffer) => {
    if (state === 'ended') return
    const [first = '', ...lines] = decoder.write(octets).split('\n')
    add(first)
    for (const line of lines) {
      const whole = pieces.join('')
      pieces = []
      length = 0
      take(whole)
      add(line)
    }
  })

  function add(piece: string): void {
    pieces.push(piece)
    length += piece.length
    if (length > LONGEST_LINE) refuse(pieces.join(''))
  }

  function take(line: string): void {
    if (state === 'ended' || line.trim() === '') return
    const message = messageOf(line)
    if (message !== undefined) {
      state = 'messages'
      events.onMessage(message)
    } else if (state === 'messages' || noise + line.length > MOST_NOISE) {
      refuse(line)
    } else {
      noise += line.length
    }
  }

  function messageOf(line: string): Message | undefined {
    // The noise may not end with a line break.
    const text = state === 'noise' ? line.slice(Math.max(0, line.indexOf('{"'))) : line
    try {
      return parse(JSON.parse(text))
    } catch {
      return undefined
    }
  }

  function refuse(line: string): void {
    state = 'ended'
    pieces = []
    events.onGarbage(line)
  }
}
