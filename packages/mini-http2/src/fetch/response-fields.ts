import { CONNECTION_SPECIFIC_FIELDS } from '../message/fields'

/** A header field of a response. The name is case-insensitive. */
export type ResponseField = readonly [name: string, value: string]

/** Accepts header fields as Fetch does: `Headers`, pairs or an object. */
export function toResponseFields(init: ResponseInit['headers']): ResponseField[] {
  const fields: ResponseField[] = []
  if (init === undefined || init === null) return fields
  if (Symbol.iterator in init) {
    for (const [name, value] of init as Iterable<readonly [string, string]>) {
      fields.push([name, normalise(value)])
    }
    return fields
  }
  const record = init as Readonly<Record<string, string>>
  for (const name of Object.keys(record)) fields.push([name, normalise(record[name])])
  return fields
}

/** Returns whether there is a field with this name. */
export function hasField(fields: readonly ResponseField[], name: string): boolean {
  return fields.some((field) => field[0].length === name.length && field[0].toLowerCase() === name)
}

/**
 * Removes the fields specific to an HTTP/1.1 connection. Applications may set them, but HTTP/2
 * forbids them: RFC 9113 section 8.2.2.
 */
export function withoutConnectionFields(fields: ResponseField[]): ResponseField[] {
  for (const field of fields) {
    if (isForbidden(field[0])) return fields.filter(([name]) => !isForbidden(name))
  }
  return fields
}

function isForbidden(name: string): boolean {
  return CONNECTION_SPECIFIC_FIELDS.has(name.toLowerCase())
}

/** Whitespace around a value is not part of it. */
function normalise(value: unknown): string {
  const text = String(value)
  const isBare = !(text.charCodeAt(0) <= BLANK || text.charCodeAt(text.length - 1) <= BLANK)
  return isBare ? text : text.replace(/^[\t\n\r ]+|[\t\n\r ]+$/g, '')
}

const BLANK = 0x20
