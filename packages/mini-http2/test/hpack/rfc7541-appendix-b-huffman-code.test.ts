import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { HUFFMAN_CODE_LENGTHS, HUFFMAN_CODES } from '../../src/hpack/huffman-table.generated'

const scripts = new URL('../../scripts/', import.meta.url)

/** The code of each symbol, as written in the appendix. */
const codes = readFileSync(new URL('rfc7541-appendix-b.txt', scripts), 'utf8')
  .split('\n')
  .filter((line) => /^ *\d/.test(line))
  .map((line) => line.trim().split(/ +/)[1]!.replaceAll('|', ''))

test('the tables are what the generator makes of the appendix', async () => {
  const generator = fileURLToPath(new URL('generate-huffman-table.mjs', scripts))
  await expect(promisify(execFile)(process.execPath, [generator, '--check'])).resolves.toBeDefined()
})

test('the tables have the code of each of 256 octets and of EOS', () => {
  const table = Array.from(HUFFMAN_CODES, (code, symbol) =>
    code.toString(2).padStart(HUFFMAN_CODE_LENGTHS[symbol]!, '0'),
  )
  expect(codes).toHaveLength(257)
  expect(table).toEqual(codes)
})

test('the code is canonical: of the same length, a larger symbol has a code larger by one', () => {
  const symbols = codes.map((code, symbol) => ({ code, symbol }))
  symbols.sort((a, b) => a.code.length - b.code.length || a.symbol - b.symbol)
  let next = 0
  let length = symbols[0]!.code.length
  for (const { code } of symbols) {
    next *= 2 ** (code.length - length)
    length = code.length
    expect(code).toBe(next.toString(2).padStart(length, '0'))
    next++
  }
  expect(next).toBe(2 ** length)
})
