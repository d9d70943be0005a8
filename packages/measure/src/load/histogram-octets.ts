import { inflateSync } from 'node:zlib'
import { LONGEST_LATENCY } from './latencies'

/*
 * A histogram that comes from another machine, before it is decoded: a few octets may stand for any number of counts, and
 * the decoder takes the time and memory for all of them. The encoding is that of HdrHistogram, V2.
 */

/** What the encodings begin with, but for the size of words in the second half of the last octet. */
const COMPRESSED = 0x1c849304
const INFLATED = 0x1c849303
const WORD_SIZE = 0xf0

/** Cookie and length before the compressed octets; cookie, length and what the histogram is made of before the counts. */
const COMPRESSED_HEADER_LENGTH = 8
const HEADER_LENGTH = 40

/** As in our histograms, which have some 21,000 counts; one takes nine octets at most. */
const DIGITS = 3
const MOST_COUNTS = 32_768
const LONGEST_COUNT = 9
/** Decoders have 32 bits for each count: larger ones wrap, or throw. */
const LARGEST_COUNT = 2 ** 32 - 1
const MOST_OCTETS = HEADER_LENGTH + MOST_COUNTS * LONGEST_COUNT

/** Deflate makes hardly anything longer; four characters of Base64 are three octets. */
const MOST_CHARACTERS = 2 * MOST_OCTETS

const IS_NONE = 'It is no compressed HDR histogram in Base64.'

/** Returns what is wrong with a compressed histogram in Base64, undefined if it can be decoded at little expense. */
export function histogramFault(text: string): string | undefined {
  if (text.length > MOST_CHARACTERS) return `It has more than ${MOST_CHARACTERS} characters.`
  // Decoders differ in what they make of anything else.
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return IS_NONE
  const octets = Buffer.from(text, 'base64')
  if (octets.length < COMPRESSED_HEADER_LENGTH) return IS_NONE
  if (!beginsWith(octets, COMPRESSED)) return IS_NONE
  const length = octets.readUInt32BE(4)
  let inflated: Buffer
  try {
    inflated = inflateSync(
      octets.subarray(COMPRESSED_HEADER_LENGTH, COMPRESSED_HEADER_LENGTH + length),
      { maxOutputLength: MOST_OCTETS },
    )
  } catch (error) {
    const isTooLong = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
    return isTooLong ? `Inflated, it has more than ${MOST_OCTETS} octets.` : IS_NONE
  }
  return inflatedFault(inflated)
}

function inflatedFault(octets: Buffer): string | undefined {
  if (octets.length < HEADER_LENGTH || !beginsWith(octets, INFLATED)) return IS_NONE
  if (octets.readUInt32BE(4) !== octets.length - HEADER_LENGTH) return IS_NONE
  const [digits, least, most] = [
    octets.readInt32BE(12),
    octets.readBigInt64BE(16),
    octets.readBigInt64BE(24),
  ]
  // Decoders read the longest one without its sign.
  if (digits !== DIGITS || least !== 1n || most < 2n || most > LONGEST_LATENCY) {
    return `It must have ${DIGITS} digits, from 1 to ${LONGEST_LATENCY} at most.`
  }
  const { counts, largest } = countsIn(octets)
  if (counts > MOST_COUNTS) return `It has more than ${MOST_COUNTS} counts.`
  return largest <= LARGEST_COUNT ? undefined : `It has a count above ${LARGEST_COUNT}.`
}

function beginsWith(octets: Buffer, cookie: number): boolean {
  return (octets.readUInt32BE(0) & ~WORD_SIZE) >>> 0 === cookie
}

/** Each is a number in groups of seven bits, the lowest first; below 0 it is that many counts of 0, as ZigZag codes it. */
function countsIn(octets: Buffer): { readonly counts: number; readonly largest: number } {
  let counts = 0
  let largest = 0
  let at = HEADER_LENGTH
  while (at < octets.length) {
    let number = 0
    let group = 0
    let octet: number
    do {
      octet = octets[at++] ?? 0
      // The ninth octet has eight bits of the number.
      number += (group < LONGEST_COUNT - 1 ? octet & 0x7f : octet) * 2 ** (7 * group)
    } while (octet >= 0x80 && ++group < LONGEST_COUNT)
    if (number % 2 === 0) {
      counts++
      largest = Math.max(largest, number / 2)
    } else counts += (number + 1) / 2
  }
  return { counts, largest }
}
