import type { Field, FieldList } from './fields'

/**
 * Joins the cookie crumbs of a request into one field for the application, RFC 9113 section 8.2.3.
 * It takes the place of the first crumb.
 *
 * @returns the same list if there is nothing to join
 */
export function joinCookies(fields: FieldList): FieldList {
  const crumbs = fields.filter(([name]) => name === 'cookie')
  if (crumbs.length < 2) return fields
  const value = crumbs.map(([, crumb]) => crumb).join('; ')
  // If one crumb must not be indexed, neither must the joined field: RFC 7541 section 7.1.3.
  const sensitive = crumbs.some((crumb) => crumb[2] === true)
  const joined: Field = sensitive ? ['cookie', value, true] : ['cookie', value]
  return fields.flatMap((field) =>
    field[0] !== 'cookie' ? [field] : field === crumbs[0] ? [joined] : [],
  )
}
