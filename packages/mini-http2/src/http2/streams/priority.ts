/** The number of urgency levels. 0 is the most urgent, RFC 9218 section 4.1. */
export const URGENCIES = 8

/** The urgency of a request that doesn't specify one. */
export const DEFAULT_URGENCY = 3

/**
 * Parses the urgency of a `priority` field or a PRIORITY_UPDATE frame: a dictionary of RFC 8941
 * with the key `u`. Invalid input is ignored, as RFC 9218 section 4 requires. `i` is ignored,
 * because responses of one urgency take turns anyway.
 */
export function parseUrgency(value: string): number {
  let urgency = DEFAULT_URGENCY
  for (const member of value.split(',')) {
    // Parameters of a member have no meaning here.
    const [key, item] = member.split(';', 1)[0]!.trim().split('=', 2)
    if (key === 'u' && item !== undefined && /^[0-7]$/.test(item)) urgency = Number(item)
  }
  return urgency
}
