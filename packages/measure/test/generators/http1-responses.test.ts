import { octetize } from '@h2lab/octets'
import { describe, expect, test } from 'vitest'
import { ResponseReader } from '../../src/load/http1/response-reader'

/*
 * RFC 9112 as a client has to read it. Whatever a server sends is read as one piece, octet by
 * octet, and in two pieces for each place between two octets; it has to mean the same.
 */

interface Outcome {
  /** The status of each complete response. */
  readonly statuses: readonly number[]
  readonly state: ResponseReader['state']
  /** What the reader says of a fault. */
  readonly fault: string | undefined
}

interface Input {
  readonly text: string
  /** How many requests wait. */
  readonly requests?: number
  readonly method?: 'GET' | 'HEAD'
  /** What happens behind the text. */
  readonly afterwards?: 'more' | 'end'
}

function read({ text, requests = 1, method, afterwards }: Input, cuts: readonly number[]): Outcome {
  const statuses: number[] = []
  const reader = new ResponseReader(
    {
      isExpected: () => statuses.length < requests,
      onResponse: (status) => statuses.push(status),
    },
    method,
  )
  const octets = octetize(text, 'latin1')
  const ends = [...cuts, octets.length]
  let start = 0
  for (const end of ends) {
    // What comes from a socket is borrowed: afterwards there is something else.
    const piece = octets.slice(start, end)
    reader.receive(piece)
    piece.fill(0x58)
    start = end
  }
  if (afterwards === 'end') reader.receiveEnd()
  return { statuses, state: reader.state, fault: reader.error?.message }
}

function expectOutcome(input: Input, expected: Outcome): void {
  const whole = read(input, [])
  expect(whole).toEqual(expected)
  const places = Array.from({ length: input.text.length - 1 }, (_, index) => index + 1)
  expect(read(input, places)).toEqual(expected)
  for (const place of places) expect(read(input, [place])).toEqual(expected)
}

/** The lines of a head, with the empty one behind it. */
function head(...lines: string[]): string {
  return [...lines, '', ''].join('\r\n')
}

const OK = 'HTTP/1.1 200 OK'
const NEXT = head('HTTP/1.1 404 Not Found', 'Content-Length: 0')

describe('RFC 9112 section 6.3: a response ends where its head says', () => {
  const CASES: readonly (Input & { readonly title: string; readonly statuses: number[] })[] = [
    {
      title: 'after as many octets as content-length says',
      text: `${head(OK, 'Content-Length: 12')}Hello World\n${NEXT}`,
      statuses: [200, 404],
    },
    {
      title: 'at once with a content-length of 0',
      text: head(OK, 'content-length:0') + NEXT,
      statuses: [200, 404],
    },
    {
      title: 'whatever the case of field names, and the space around values',
      text: `${head(OK, 'CONTENT-length: \t 3 \t')}abc${NEXT}`,
      statuses: [200, 404],
    },
    {
      title: 'also if content-length comes twice with the same value',
      text: `${head(OK, 'Content-Length: 3', 'Content-Length: 3')}abc${NEXT}`,
      statuses: [200, 404],
    },
    {
      title: 'whatever the body looks like',
      text: `${head(OK, `Content-Length: ${NEXT.length}`)}${NEXT}${NEXT}`,
      statuses: [200, 404],
    },
    {
      title: 'after its last chunk',
      text: `${head(OK, 'Transfer-Encoding: chunked')}5\r\nHello\r\n7\r\n World\n\r\n0\r\n\r\n${NEXT}`,
      statuses: [200, 404],
    },
    {
      title: 'after its trailers',
      text: `${head(OK, 'transfer-encoding: Chunked')}0\r\n${head('a: 1', 'b: 2')}${NEXT}`,
      statuses: [200, 404],
    },
    {
      title: 'with its head, if its status is 204',
      text: head('HTTP/1.1 204 No Content') + NEXT,
      statuses: [204, 404],
    },
    {
      title: 'with its head, if its status is 304, although that tells a length',
      text: head('HTTP/1.1 304 Not Modified', 'Content-Length: 12') + NEXT,
      statuses: [304, 404],
    },
    {
      title: 'with its head, if it responds to HEAD',
      text: head(OK, 'Content-Length: 12') + NEXT,
      method: 'HEAD',
      statuses: [200, 404],
    },
  ]
  test.each(CASES)('$title', ({ statuses, ...input }) => {
    expectOutcome({ ...input, requests: 2 }, { statuses, state: 'open', fault: undefined })
  })

  test('with the connection, if nothing says where', () => {
    const input: Input = { text: `${head(OK)}Hello`, afterwards: 'end' }
    expectOutcome(input, { statuses: [200], state: 'closed', fault: undefined })
    expectOutcome({ text: input.text }, { statuses: [], state: 'open', fault: undefined })
  })

  test('with the connection, if its coding is another than chunked', () => {
    const text = `${head(OK, 'Transfer-Encoding: gzip')}Hello`
    expectOutcome(
      { text, afterwards: 'end' },
      { statuses: [200], state: 'closed', fault: undefined },
    )
  })
})

describe('RFC 9112 section 6.3: a response that says twice where it ends is a fault', () => {
  const CASES: readonly (readonly [string, ...string[]])[] = [
    ['chunks behind a length', 'Content-Length: 1', 'Transfer-Encoding: chunked'],
    ['a length behind chunks', 'Transfer-Encoding: chunked', 'X: y', 'content-length: 1'],
    ['another coding and a length', 'Transfer-Encoding: gzip', 'Content-Length: 1'],
  ]
  test.each(CASES)('%s', (_, ...fields) => {
    const text = `${head(OK, ...fields)}1\r\na\r\n0\r\n\r\n`
    expectOutcome({ text }, faultOf('it has both content-length and transfer-encoding'))
  })

  test('that of one is nothing to the next', () => {
    const text = `${head(OK, 'Transfer-Encoding: chunked')}0\r\n\r\n${NEXT}`
    expectOutcome(
      { text: text + text, requests: 4 },
      { statuses: [200, 404, 200, 404], state: 'open', fault: undefined },
    )
  })
})

describe('RFC 9112 section 7.1: chunks', () => {
  const chunked = head(OK, 'Transfer-Encoding: chunked')
  test.each([
    ['have sizes in hexadecimal digits', `00a\r\n0123456789\r\nA\r\n0123456789\r\n`],
    ['may have extensions', '3;name=value;other="x"\r\nabc\r\n3 ; a\r\nabc\r\n'],
    ['may hold the ends of lines', '4\r\n\r\n\r\n\r\n'],
  ])('%s', (_, chunks) => {
    const text = `${chunked}${chunks}0\r\n\r\n`
    expectOutcome({ text }, { statuses: [200], state: 'open', fault: undefined })
  })

  test.each([
    ['without a size', '\r\n', 'a chunk has no size'],
    ['with a size that is no number', '0x3\r\nabc\r\n', 'a chunk has no size'],
    ['of 4 GiB', '100000000\r\n', 'a chunk has no size'],
    ['with more octets than its size', '3\r\nabcd\r\n', 'a chunk is longer than its size'],
  ])('a chunk %s is a fault', (_, chunks, reason) => {
    expectOutcome({ text: chunked + chunks }, faultOf(reason))
  })
})

describe('RFC 9110 section 15.2: informational responses', () => {
  test('are followed by the final one', () => {
    const early = head('HTTP/1.1 103 Early Hints', 'Link: </style.css>')
    const text = `${head('HTTP/1.1 100 Continue')}${early}${head(OK, 'Content-Length: 0')}`
    expectOutcome({ text }, { statuses: [200], state: 'open', fault: undefined })
  })

  test('must not switch to a protocol that nobody asked for', () => {
    const text = head('HTTP/1.1 101 Switching Protocols', 'Upgrade: h2c')
    expectOutcome({ text }, faultOf('it switches to another protocol'))
  })
})

describe('RFC 9112 section 9.3: persistence', () => {
  test.each([
    ['HTTP/1.1 says close', 'HTTP/1.1 200 OK', 'Connection: close'],
    ['HTTP/1.1 says close among others', 'HTTP/1.1 200 OK', 'Connection: foo ,\tClose'],
    ['HTTP/1.0 says nothing', 'HTTP/1.0 200 OK', 'Server: old'],
  ])('no more responses come if %s', (_, status, field) => {
    const text = head(status, field, 'Content-Length: 0') + NEXT
    expectOutcome({ text, requests: 2 }, { statuses: [200], state: 'closed', fault: undefined })
  })

  test.each([
    ['HTTP/1.1 says nothing', 'HTTP/1.1 200 OK', 'Server: new'],
    ['HTTP/1.1 says something else', 'HTTP/1.1 200 OK', 'Connection: closed'],
    ['HTTP/1.0 says keep-alive', 'HTTP/1.0 200 OK', 'Connection: Keep-Alive'],
  ])('more responses may come if %s', (_, status, field) => {
    const text = head(status, field, 'Content-Length: 0') + NEXT
    expectOutcome({ text, requests: 2 }, { statuses: [200, 404], state: 'open', fault: undefined })
  })

  test('a connection may end between responses', () => {
    const text = head(OK, 'Content-Length: 0')
    const expected: Outcome = { statuses: [200], state: 'closed', fault: undefined }
    expectOutcome({ text, requests: 2, afterwards: 'end' }, expected)
  })

  test.each([
    ['a status line', 'HTTP/1.1 20', 'the connection ended where a status line was to come'],
    ['a head', `${OK}\r\n`, 'the connection ended where a field line was to come'],
    ['a body', `${head(OK, 'Content-Length: 5')}Hell`, 'ended where a body was to come'],
    [
      'a chunk',
      `${head(OK, 'Transfer-Encoding: chunked')}5\r\nHell`,
      'ended where a chunk was to come',
    ],
  ])('a connection must not end within %s', (_, text, reason) => {
    expectOutcome({ text, afterwards: 'end' }, faultOf(reason))
  })
})

describe('RFC 9112 section 4: the status line', () => {
  test.each([
    ['without a reason', 'HTTP/1.1 200 '],
    ['without the space before it', 'HTTP/1.1 200'],
    ['with a long one', 'HTTP/1.1 200 All is as it was asked for'],
  ])('may be %s', (_, status) => {
    const text = head(status, 'Content-Length: 0')
    expectOutcome({ text }, { statuses: [200], state: 'open', fault: undefined })
  })

  test.each([
    ['empty', ''],
    ['of another protocol', 'ICY 200 OK'],
    ['of another version', 'HTTP/2.0 200 OK'],
    ['with a short code', 'HTTP/1.1 20 OK'],
    ['with a long code', 'HTTP/1.1 2000 OK'],
    ['without a space', 'HTTP/1.1-200 OK'],
  ])('must not be %s', (_, status) => {
    expectOutcome({ text: head(status) }, faultOf('it begins without a status line'))
  })

  test.each(['HTTP/1.1 2x0 OK', 'HTTP/1.1 099 OK'])('must have a status code: %s', (status) => {
    expectOutcome({ text: head(status) }, faultOf('its status code is none'))
  })

  test('responds to a request', () => {
    const text = head(OK, 'Content-Length: 0') + head('HTTP/1.1 408 Request Timeout')
    expectOutcome({ text }, { ...faultOf('it is not a response to any request'), statuses: [200] })
  })
})

describe('RFC 9112 section 5: field lines', () => {
  test('may be folded, as in times of old', () => {
    const text = head(OK, 'X: one,', '\ttwo', ' Content-Length: 9', 'Content-Length: 0')
    expectOutcome({ text }, { statuses: [200], state: 'open', fault: undefined })
  })

  test.each([': no name', ':'])('have a name: %j', (line) => {
    expectOutcome({ text: head(OK, line) }, faultOf('a field line has no name'))
  })

  test.each(['no colon', 'nocolon', 'Content-Length : 0', 'a b: c', 'a@b: c', 'a\0: b', 'ä: b'])(
    'have a name that is a token, RFC 9110 section 5.1: %j',
    (line) => {
      expectOutcome({ text: head(OK, line) }, faultOf('a field name is no token'))
      const trailers = `${head(OK, 'Transfer-Encoding: chunked')}0\r\n${head(line)}`
      expectOutcome({ text: trailers }, faultOf('a field name is no token'))
    },
  )

  test("may have all of a token's characters in their names", () => {
    const name = "!#$%&'*+-.^_`|~09azAZ"
    const text = `${head(OK, `${name}: 1`, 'Transfer-Encoding: chunked')}0\r\n${head(`${name}:`)}`
    expectOutcome({ text }, { statuses: [200], state: 'open', fault: undefined })
  })

  test.each(['', '-1', '1,1', '0x1', '1 2', '99999999999999999'])(
    'tell a content-length that can be counted: %j',
    (value) => {
      const text = head(OK, `Content-Length: ${value}`)
      expectOutcome({ text }, faultOf('its content-length is no number'))
    },
  )

  test('must not tell two', () => {
    const text = head(OK, 'Content-Length: 1', 'Content-Length: 2')
    expectOutcome({ text }, faultOf('it has two values of content-length'))
  })
})

describe('RFC 9112 section 2.2: lines', () => {
  test.each(['HTTP/1.1 200 OK\n', '\n', `${OK}\r\nA: b\n`])('end in CR and LF: %j', (text) => {
    expectOutcome({ text }, faultOf('ends without CR'))
  })

  test('are not endless', () => {
    const text = `${OK}\r\nA: ${'b'.repeat(16_400)}`
    const expected = faultOf('a field line is longer than 16384 octets')
    expect(read({ text }, [])).toEqual(expected)
    expect(read({ text }, [9000, 16_000])).toEqual(expected)
  })
})

function faultOf(reason: string): Outcome {
  return { statuses: [], state: 'closed', fault: expect.stringContaining(reason) }
}
