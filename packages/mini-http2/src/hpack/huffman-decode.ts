import type { OctetVector } from '@h2lab/octets'
import { HpackError } from './hpack-error'
import { HUFFMAN_CODE_LENGTHS, HUFFMAN_CODES } from './huffman-table.generated'
import { readLatin1 } from './latin1'

/*
 * The Huffman code of RFC 7541 section 5.2 as an automaton that processes four bits at a time. A
 * state is an inner node of the code tree: the bits since the last complete symbol. No code is
 * shorter than five bits, so a step completes at most one symbol. At 16 KiB the automaton fits into
 * the L1 cache; steps of eight bits would need 256 KiB.
 */

/** The tree of a complete code with 257 symbols has one inner node less. */
const STATE_COUNT = HUFFMAN_CODES.length - 1
const EOS = 256

/**
 * The result of a step: the next state in the low eight bits, a symbol above it, and these flags.
 */
const SYMBOL_SHIFT = 8
const COMPLETES_SYMBOL = 1 << 16
const COMPLETES_EOS = 1 << 17

/** Entries in {@link STEPS} for each state: one for each value of four bits. */
const STEPS_PER_STATE = 16

/** The longest padding in bits: eight would be a superfluous octet. */
const MAX_PADDING = 7

const { steps: STEPS, maybePadding: MAY_END_IN } = makeAutomaton()

/** The shortest code in bits. It determines how much a string can grow by decoding. */
const SHORTEST_CODE = 5

/** Enough for a long `user-agent` or cookie. Longer strings get a temporary buffer. */
const scratch: OctetVector = new Uint8Array(4096)

/**
 * Decodes a Huffman-coded string.
 *
 * @param octets contains the string from `start` to `end` (exclusive)
 * @throws HpackError `HPACK_HUFFMAN_EOS` or `HPACK_HUFFMAN_PADDING`
 */
export function readHuffman(octets: OctetVector, start: number, end: number): string {
  const room = Math.ceil(((end - start) * 8) / SHORTEST_CODE)
  const text = room <= scratch.length ? scratch : new Uint8Array(room)
  let length = 0
  let state = 0
  for (let offset = start; offset < end; offset++) {
    const octet = octets[offset]!
    const high = STEPS[state * STEPS_PER_STATE + (octet >>> 4)]!
    if (high >= COMPLETES_SYMBOL) {
      if (high >= COMPLETES_EOS) throw eosError()
      text[length++] = high >>> SYMBOL_SHIFT
    }
    const low = STEPS[(high & 0xff) * STEPS_PER_STATE + (octet & 0xf)]!
    if (low >= COMPLETES_SYMBOL) {
      if (low >= COMPLETES_EOS) throw eosError()
      text[length++] = low >>> SYMBOL_SHIFT
    }
    state = low & 0xff
  }
  if (MAY_END_IN[state] === 0) {
    throw new HpackError(
      'HPACK_HUFFMAN_PADDING',
      'A Huffman-coded string must be padded with at most seven one bits (RFC 7541 section 5.2).',
    )
  }
  return readLatin1(text, 0, length)
}

function eosError(): HpackError {
  return new HpackError(
    'HPACK_HUFFMAN_EOS',
    'A Huffman-coded string contains the EOS symbol (RFC 7541 section 5.2).',
  )
}

/** A node of the code tree: an inner node with its state, or a leaf. */
type Node = { readonly state: number } | { readonly symbol: number }

function makeAutomaton(): { steps: Uint32Array; maybePadding: Uint8Array } {
  const children = makeTree()
  const steps = new Uint32Array(STATE_COUNT * STEPS_PER_STATE)
  for (let state = 0; state < STATE_COUNT; state++) {
    for (let bits = 0; bits < STEPS_PER_STATE; bits++) {
      steps[state * STEPS_PER_STATE + bits] = makeStep(children, state, bits)
    }
  }
  const maybePadding = new Uint8Array(STATE_COUNT)
  let state = 0
  for (let length = 0; length <= MAX_PADDING; length++) {
    maybePadding[state] = 1
    const child = children[state]![1]!
    if (!('state' in child)) break
    state = child.state
  }
  return { steps, maybePadding }
}

/** Returns the two children of each inner node; the root is state 0. */
function makeTree(): [Node | undefined, Node | undefined][] {
  const children: [Node | undefined, Node | undefined][] = [[undefined, undefined]]
  HUFFMAN_CODES.forEach((code, symbol) => {
    let state = 0
    for (let bit = HUFFMAN_CODE_LENGTHS[symbol]! - 1; bit > 0; bit--) {
      const side = (code >>> bit) & 1
      let child = children[state]![side]
      if (child === undefined) {
        child = { state: children.length }
        children[state]![side] = child
        children.push([undefined, undefined])
      }
      state = (child as { state: number }).state
    }
    children[state]![code & 1] = { symbol }
  })
  return children
}

function makeStep(
  children: readonly [Node | undefined, Node | undefined][],
  from: number,
  bits: number,
): number {
  let state = from
  let completed = 0
  for (let bit = 3; bit >= 0; bit--) {
    const child = children[state]![(bits >>> bit) & 1]!
    if ('state' in child) {
      state = child.state
    } else if (child.symbol === EOS) {
      return COMPLETES_EOS
    } else {
      completed = COMPLETES_SYMBOL | (child.symbol << SYMBOL_SHIFT)
      state = 0
    }
  }
  return completed | state
}
