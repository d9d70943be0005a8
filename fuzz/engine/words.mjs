import { readFileSync } from 'node:fs'

/** Words that are shorter say little, and longer ones are messages. In characters. */
const SHORTEST = 2
const LONGEST = 24

/**
 * The words in a target's bundle and its saved inputs: names of fields, options and keys, which nobody finds by chance.
 *
 * @param {string} file the bundle
 * @param {readonly { readonly octets: Buffer }[]} inputs
 * @returns {Buffer[]}
 */
export function wordsOf(file, inputs) {
  const words = new Set()
  // Without its source maps, nor the positions that istanbul has of each statement.
  const code = readFileSync(file, 'utf8').replace(/^\/\/# .*$|^.*statementMap.*$/gm, '')
  const add = (text) => {
    if (text.length >= SHORTEST && text.length <= LONGEST) words.add(text)
  }
  for (const [, text] of code.matchAll(/["'`]([!-~]+)["'`]/g)) add(text)
  for (const { octets } of inputs) {
    for (const [text] of octets.latin1Slice().matchAll(/"?[A-Za-z][\w./:-]+"?/g)) add(text)
  }
  return [...words].sort().map((word) => Buffer.from(word))
}
