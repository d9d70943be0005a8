import type { Field, FieldList } from './fields'

/**
 * Joins the cookie crumbs of a request into one field, RFC 9113 section 8.2.3, in the place of the first.
 *
 * @returns the same list if there is nothing to join
 */
export function joinCookies(fields: FieldList): FieldList {
  const crumbs = fields.filter(isCookie)
  if (crumbs.length < 2) return fields
  const value = joinCrumbs(crumbs)
  // A hop that passes the cookie on keeps it out of tables if any crumb has to stay out, RFC 7541 section 7.1.3.
  const sensitive = crumbs.some((crumb) => crumb[2] === true)
  const joined: Field = sensitive ? ['cookie', value, true] : ['cookie', value]
  // By place: a client may refer to the same entry of its table several times.
  const first = fields.findIndex(isCookie)
  return fields.flatMap((field, index) =>
    !isCookie(field) ? [field] : index === first ? [joined] : [],
  )
}

/** The value of the whole cookie; undefined if there is none. */
export function cookieOf(fields: FieldList): string | undefined {
  const crumbs = fields.filter(isCookie)
  return crumbs.length === 0 ? undefined : joinCrumbs(crumbs)
}

/** By `+`, with which V8 refers to the crumbs until somebody reads the characters; `join` would copy them at once. */
function joinCrumbs(crumbs: FieldList): string {
  return crumbs.map(([, value]) => value).reduce((cookie, crumb) => `${cookie}; ${crumb}`)
}

function isCookie([name]: Field): boolean {
  return name === 'cookie'
}
