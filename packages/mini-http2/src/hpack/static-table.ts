import type { HeaderField } from './header-field'

/** The static table of RFC 7541, appendix A. The first element has index 1. */
export const STATIC_TABLE: readonly HeaderField[] = [
  [':authority', ''],
  [':method', 'GET'],
  [':method', 'POST'],
  [':path', '/'],
  [':path', '/index.html'],
  [':scheme', 'http'],
  [':scheme', 'https'],
  [':status', '200'],
  [':status', '204'],
  [':status', '206'],
  [':status', '304'],
  [':status', '400'],
  [':status', '404'],
  [':status', '500'],
  ['accept-charset', ''],
  ['accept-encoding', 'gzip, deflate'],
  ['accept-language', ''],
  ['accept-ranges', ''],
  ['accept', ''],
  ['access-control-allow-origin', ''],
  ['age', ''],
  ['allow', ''],
  ['authorization', ''],
  ['cache-control', ''],
  ['content-disposition', ''],
  ['content-encoding', ''],
  ['content-language', ''],
  ['content-length', ''],
  ['content-location', ''],
  ['content-range', ''],
  ['content-type', ''],
  ['cookie', ''],
  ['date', ''],
  ['etag', ''],
  ['expect', ''],
  ['expires', ''],
  ['from', ''],
  ['host', ''],
  ['if-match', ''],
  ['if-modified-since', ''],
  ['if-none-match', ''],
  ['if-range', ''],
  ['if-unmodified-since', ''],
  ['last-modified', ''],
  ['link', ''],
  ['location', ''],
  ['max-forwards', ''],
  ['proxy-authenticate', ''],
  ['proxy-authorization', ''],
  ['range', ''],
  ['referer', ''],
  ['refresh', ''],
  ['retry-after', ''],
  ['server', ''],
  ['set-cookie', ''],
  ['strict-transport-security', ''],
  ['transfer-encoding', ''],
  ['user-agent', ''],
  ['vary', ''],
  ['via', ''],
  ['www-authenticate', ''],
]

/** The number of fields in the static table. The dynamic table starts at the next index. */
export const STATIC_TABLE_LENGTH = STATIC_TABLE.length

/** The entries of a name in the static table. */
export interface StaticName {
  /** The index of the first field with the name, from 1. */
  readonly index: number
  /** The indexes of its fields by value. Absent if the table has only the name. */
  readonly indexByValue?: ReadonlyMap<string, number>
}

/** The static table by name, for encoders. */
export const STATIC_NAMES: ReadonlyMap<string, StaticName> = indexByName()

function indexByName(): Map<string, StaticName> {
  const names = new Map<string, { index: number; indexByValue?: Map<string, number> }>()
  STATIC_TABLE.forEach(([name, value], position) => {
    const index = position + 1
    const known = names.get(name) ?? { index }
    names.set(name, known)
    if (value === '') return
    known.indexByValue ??= new Map()
    known.indexByValue.set(value, index)
  })
  return names
}
