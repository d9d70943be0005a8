import { createHash } from 'node:crypto'
import type { Random } from './random'

/** A request whose answer is known. */
export interface Question {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly body: Buffer | undefined
  /** The body of the only right answer. */
  readonly answer: Buffer
}

/** Bodies are parts of this. */
const OCTETS = Buffer.alloc(2 * 1_048_576)
for (let offset = 0; offset < OCTETS.length; offset += 4) {
  OCTETS.writeUInt32LE(Math.imul(offset + 1, 0x9e3779b1) >>> 0, offset)
}

/** How many questions were asked: no two have the same answer. */
let count = 0

/**
 * Makes a question for `soak/servers/application.mjs`.
 *
 * @param answersTo whether the answer tells of the body
 */
export function ask(
  random: Random,
  answersTo: 'head' | 'whole',
  { octets, body: length }: { readonly octets: number; readonly body?: number | undefined },
): Question {
  const method = length === undefined ? 'GET' : 'POST'
  const path = `/answer?octets=${octets}&number=${++count}`
  const from = random.between(0, OCTETS.length / 2)
  const body = length === undefined ? undefined : bodyOf(from, length)
  const hash = createHash('sha256').update(`${method} ${path}\n`)
  if (body !== undefined && answersTo === 'whole') hash.update(body)
  return { method, path, body, answer: Buffer.alloc(octets, hash.digest('hex'), 'latin1') }
}

function bodyOf(from: number, length: number): Buffer {
  if (from + length <= OCTETS.length) return OCTETS.subarray(from, from + length)
  return Buffer.alloc(length, OCTETS.subarray(from))
}
