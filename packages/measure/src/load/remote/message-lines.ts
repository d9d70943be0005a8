import type { Readable } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'

export interface MessageLineEvents<Message> {
  onMessage(message: Message): void
  /** A line is no message; nothing more is read. */
  onGarbage(line: string): void
}

export interface MessageLineOptions<Message> {
  /** Returns the message that a value is, or undefined. */
  readonly parse: (value: unknown) => Message | undefined
  /**
   * What stands before the first message: `noise` such as the banner of a login, which is passed over, or `nothing`.
   */
  readonly before: 'noise' | 'nothing'
}

/** The longest line, in characters: a plan has the body of its requests. */
const LONGEST_LINE = 256 * 2 ** 20

/** How much noise is passed over, in characters. */
const MOST_NOISE = 2 ** 20

/** Reads messages, each JSON on a line of its own. */
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
    // Noise may end without a line break.
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
