import { type OctetVector, octetize } from '@h2lab/octets'

export const HTAB = 0x09
export const LF = 0x0a
export const CR = 0x0d
export const SP = 0x20
export const COMMA = 0x2c
export const COLON = 0x3a

const ZERO = 0x30

/** Returns the value of a digit. For other characters, the result is not from 0 to 9. */
export function digitOf(octet: number): number {
  return octet - ZERO
}

/** 1 for each character of a token: RFC 9110 section 5.6.2. */
const IS_TOKEN = new Uint8Array(256)
for (const octet of octetize(
  "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
  'latin1',
)) {
  IS_TOKEN[octet] = 1
}

/** Returns where the token ends that begins at start. */
export function tokenEnd(octets: OctetVector, start: number, end: number): number {
  let at = start
  while (at < end && IS_TOKEN[octets[at]!] === 1) at++
  return at
}

/** A name in lower case, to be compared with octets. */
export function makeName(text: string): OctetVector {
  return octetize(text, 'latin1')
}

/** The bit that distinguishes upper-case from lower-case letters. */
const LOWER_CASE = 0x20

/** Whether the octets from start to end are a name, ignoring case. */
export function isName(
  octets: OctetVector,
  start: number,
  end: number,
  name: OctetVector,
): boolean {
  if (end - start !== name.length) return false
  for (let index = 0; index < name.length; index++) {
    if ((octets[start + index]! | LOWER_CASE) !== name[index]) return false
  }
  return true
}

/** Whether a comma-separated list contains a name: RFC 9110 section 5.6.1. */
export function listHas(
  octets: OctetVector,
  start: number,
  end: number,
  name: OctetVector,
): boolean {
  let from = start
  for (let at = start; at <= end; at++) {
    if (at < end && octets[at] !== COMMA) continue
    if (isName(octets, skipSpace(octets, from, at), skipSpaceBack(octets, from, at), name)) {
      return true
    }
    from = at + 1
  }
  return false
}

/** Whether a name is the last in a list. The last transfer coding was applied last. */
export function listEndsWith(
  octets: OctetVector,
  start: number,
  end: number,
  name: OctetVector,
): boolean {
  let from = start
  for (let at = start; at < end; at++) if (octets[at] === COMMA) from = at + 1
  return isName(octets, skipSpace(octets, from, end), skipSpaceBack(octets, from, end), name)
}

/** Returns the position of the first octet that is not a space, or the end. */
export function skipSpace(octets: OctetVector, start: number, end: number): number {
  let at = start
  while (at < end && isSpace(octets[at]!)) at++
  return at
}

/** Returns where the trailing space starts. */
export function skipSpaceBack(octets: OctetVector, start: number, end: number): number {
  let at = end
  while (at > start && isSpace(octets[at - 1]!)) at--
  return at
}

export function isSpace(octet: number): boolean {
  return octet === SP || octet === HTAB
}
