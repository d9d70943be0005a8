import { type OctetVector, octetize } from '@h2lab/octets'

export const HTAB = 0x09
export const LF = 0x0a
export const CR = 0x0d
export const SP = 0x20
export const COMMA = 0x2c
export const COLON = 0x3a

const ZERO = 0x30

/** Returns what a digit stands for; something else than 0 to 9 if it is none. */
export function digitOf(octet: number): number {
  return octet - ZERO
}

/** A name in lower case, to be compared with octets. */
export function makeName(text: string): OctetVector {
  return octetize(text, 'latin1')
}

/** By this bit letters in upper case differ from those in lower case. */
const LOWER_CASE = 0x20

/** Tells whether the octets from start to end are a name, in whatever case. */
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

/** Tells whether a list of elements with commas has a name among them: RFC 9110 section 5.6.1. */
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

/** Tells whether a name is the last of a list: of codings that is the one that was applied last. */
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

/** Returns where the first octet is that is no space, or the end. */
export function skipSpace(octets: OctetVector, start: number, end: number): number {
  let at = start
  while (at < end && isSpace(octets[at]!)) at++
  return at
}

/** Returns where the space at the end begins. */
export function skipSpaceBack(octets: OctetVector, start: number, end: number): number {
  let at = end
  while (at > start && isSpace(octets[at - 1]!)) at--
  return at
}

export function isSpace(octet: number): boolean {
  return octet === SP || octet === HTAB
}
