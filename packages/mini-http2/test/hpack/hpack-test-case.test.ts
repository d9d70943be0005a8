import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { octetize } from '@h2lab/octets'
import { describe, expect, test } from 'vitest'
import { Decoder, Encoder } from '../../src/hpack'
import type { HeaderField } from '../../src/hpack/header-field'
import { decode, encode, unmarked } from './blocks'

/*
 * The recorded header lists of http2jp/hpack-test-case: plain in `raw-data`, and with header blocks
 * in a folder for each of several encoders.
 */

interface Story {
  readonly cases: readonly {
    readonly headers: readonly Readonly<Record<string, string>>[]
    /** The header block in hexadecimal digits; not in `raw-data`. */
    readonly wire: string
    /** The decoder's SETTINGS_HEADER_TABLE_SIZE from this block on. */
    readonly header_table_size?: number
  }[]
}

const root = new URL('../../../../../shared/hpack-test-case/', import.meta.url).pathname

const folders = existsSync(root)
  ? readdirSync(root, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name)
  : []

function storiesOf(folder: string): string[] {
  if (!folders.includes(folder)) return []
  return readdirSync(join(root, folder)).map((file) => join(folder, file))
}

function read(story: string): Story {
  return JSON.parse(readFileSync(join(root, story), 'utf8')) as Story
}

function fieldsOf({ headers }: Story['cases'][number]): HeaderField[] {
  return headers.flatMap((header) => Object.entries(header))
}

const encoded = folders.filter((folder) => folder !== 'raw-data').flatMap(storiesOf)

if (encoded.length === 0) test.skip('the stories of hpack-test-case, which is absent', () => {})

describe.skipIf(encoded.length === 0)('what other encoders made is decoded exactly', () => {
  test.each(encoded)('%s', (story) => {
    const decoder = new Decoder()
    for (const one of read(story).cases) {
      if (one.header_table_size !== undefined) decoder.setMaxTableSize(one.header_table_size)
      expect(unmarked(decode(decoder, octetize(one.wire, 'hex')))).toEqual(fieldsOf(one))
    }
  })
})

describe.skipIf(encoded.length === 0)('what our encoder makes is decoded exactly', () => {
  test.each([...storiesOf('raw-data'), ...encoded])('%s', (story) => {
    const encoder = new Encoder()
    const decoder = new Decoder()
    for (const one of read(story).cases) {
      if (one.header_table_size !== undefined) {
        encoder.setPeerMaxTableSize(one.header_table_size)
        decoder.setMaxTableSize(one.header_table_size)
      }
      const fields = fieldsOf(one)
      expect(unmarked(decode(decoder, encode(encoder, ...fields)))).toEqual(fields)
    }
  })
})

describe.skipIf(encoded.length === 0)(
  'what our encoder makes has at most 5 % more octets than what nghttp2 made',
  () => {
    test.each(storiesOf('nghttp2'))('%s', (story) => {
      const { cases } = read(story)
      const encoder = new Encoder()
      const ours = cases.reduce((sum, one) => sum + encode(encoder, ...fieldsOf(one)).length, 0)
      const theirs = cases.reduce((sum, { wire }) => sum + wire.length / 2, 0)
      expect(ours).toBeLessThanOrEqual(theirs * 1.05)
    })

    test.each(storiesOf('raw-data'))('%s, which has the same fields', (story) => {
      const same = read(join('nghttp2', basename(story)))
      expect(read(story).cases.map(fieldsOf)).toEqual(same.cases.map(fieldsOf))
    })
  },
)
