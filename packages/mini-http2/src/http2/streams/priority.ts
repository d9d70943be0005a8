/** The number of urgencies: 0 is the most urgent, RFC 9218 section 4.1. */
export const URGENCIES = 8

/** What holds without a word of the client. */
export const DEFAULT_URGENCY = 3

/**
 * Reads the urgency in a `priority` field value or that of a PRIORITY_UPDATE frame: a dictionary of RFC 8941 with the
 * key `u`. What isn't understood is ignored, as RFC 9218 section 4 asks; so is `i`, since responses of one urgency take
 * turns anyway.
 */
export function parseUrgency(value: string): number {
  let urgency = DEFAULT_URGENCY
  for (const member of value.split(',')) {
    // Parameters of a member mean nothing here.
    const [key, item] = member.split(';', 1)[0]!.trim().split('=', 2)
    if (key === 'u' && item !== undefined && /^[0-7]$/.test(item)) urgency = Number(item)
  }
  return urgency
}
