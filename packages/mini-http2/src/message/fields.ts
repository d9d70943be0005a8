import { MisuseError } from '../errors'

/**
 * A header or trailer field: its lower-case name, its value, and a flag that marks it as sensitive,
 * so that no hop may index it, RFC 7541 section 7.1.3.
 */
export type Field = readonly [name: string, value: string, sensitive?: true]

/** Fields in the order they are sent. */
export type FieldList = readonly Field[]

/**
 * Fields as passed by callers: an object (an array of values becomes a field for each), or pairs in
 * an array or another iterable, such as a Map or the Headers of Fetch. Names are case-insensitive.
 */
export type FieldsInit =
  | Readonly<Record<string, string | number | readonly string[]>>
  | Iterable<readonly [name: string, value: string | number, sensitive?: true]>

/** Returns whether fields are given as pairs. */
export function areFieldPairs(
  fields: FieldsInit,
): fields is Iterable<readonly [name: string, value: string | number, sensitive?: true]> {
  return typeof (fields as Partial<Iterable<unknown>>)[Symbol.iterator] === 'function'
}

/**
 * Makes a list of valid fields, RFC 9113 section 8.2. Hot path of responses that aren't prebuilt.
 * Benchmark: `npm run bench` (connection).
 *
 * @returns the fields, with lower-case names; a new list
 * @throws MisuseError naming the first field that can't be sent
 */
export function toFieldList(fields: FieldsInit): Field[] {
  const list: Field[] = []
  if (areFieldPairs(fields)) {
    for (const pair of fields) {
      const field = toField(pair[0], pair[1])
      list.push(pair[2] === undefined ? field : [field[0], field[1], pair[2]])
    }
    return list
  }
  for (const [name, value] of Object.entries(fields)) {
    if (Array.isArray(value)) for (const one of value) list.push(toField(name, one))
    else list.push(toField(name, value))
  }
  return list
}

function toField(name: string, value: unknown): Field {
  const lowerCase = KNOWN_NAMES.get(name) ?? checkName(name)
  return [lowerCase, toText(name, value)]
}

/**
 * Valid names with their lower-case form. Applications use few names; this avoids a conversion and
 * a pattern match for each.
 */
const KNOWN_NAMES = new Map<string, string>()

/** Bounds the memory if an application generates names. */
const MOST_KNOWN_NAMES = 1000

function checkName(given: string): string {
  const name = String(given).toLowerCase()
  if (name.startsWith(':')) {
    throw invalidField(name, 'pseudo-header fields are set automatically')
  }
  if (!NAME.test(name)) throw invalidField(name, 'a name must be a token of RFC 9110 section 5.6.2')
  if (CONNECTION_SPECIFIC_FIELDS.has(name)) {
    throw invalidField(name, 'HTTP/2 forbids connection-specific fields')
  }
  if (KNOWN_NAMES.size < MOST_KNOWN_NAMES) KNOWN_NAMES.set(given, name)
  return name
}

/** A token of RFC 9110 section 5.6.2, lower-case as RFC 9113 section 8.2.1 requires. */
const NAME = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/

/** RFC 9110 section 5.5: visible characters, with spaces and tabs in between. */
const VALUE = /^(?:[!-~\x80-\xff](?:[\t -~\x80-\xff]*[!-~\x80-\xff])?)?$/

/** Fields specific to an HTTP/1.1 connection, RFC 9113 section 8.2.2. */
export const CONNECTION_SPECIFIC_FIELDS: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
])

/** Returns whether a name is a lower-case field name. */
export function isFieldName(name: string): boolean {
  return NAME.test(name)
}

/** Untyped callers may pass anything, and `undefined` must not be sent as text. */
function toText(name: string, value: unknown): string {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value)
  if (typeof value !== 'string') {
    throw invalidField(name, `a value must be a string or a number, not ${String(value)}`)
  }
  if (isPlain(value) || VALUE.test(value)) return value
  throw invalidField(
    name,
    'a value must have visible Latin-1 characters, with spaces and tabs only between them',
  )
}

/** Returns whether all characters are visible ASCII, as in most values. Faster than the pattern. */
function isPlain(value: string): boolean {
  for (let index = 0; index < value.length; index++) {
    const code = value.charCodeAt(index)
    if (code < 0x21 || code > 0x7e) return false
  }
  return true
}

function invalidField(name: string, rule: string): MisuseError {
  return new MisuseError(
    'INVALID_FIELD',
    `The field ${JSON.stringify(name)} can't be sent: ${rule}.`,
  )
}

/**
 * Returns whether a value may be received, RFC 9113 section 8.2.1: it has no NUL, LF or CR, and no
 * space or tab at either end. Other characters that RFC 9110 doesn't allow are harmless.
 */
export function isReceivableValue(value: string): boolean {
  return RECEIVABLE_VALUE.test(value)
}

const RECEIVABLE_VALUE = /^(?![ \t])[^\0\n\r]*(?<![ \t])$/
