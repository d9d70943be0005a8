/** How urgent a response is, RFC 9218 section 4. */
export interface Priority {
  /** 0 to 7; 0 is the most urgent. */
  readonly urgency: number
  /** Whether the client has use for a part of the response. */
  readonly incremental: boolean
}

/** The number of urgencies. */
export const URGENCIES = 8

/** What holds without a word of the client, section 4.1 and 4.2. */
export const DEFAULT_PRIORITY: Priority = { urgency: 3, incremental: false }

/**
 * Reads a `priority` field value or that of a PRIORITY_UPDATE frame: a dictionary of RFC 8941 with the
 * keys `u` and `i`. What isn't understood is ignored, as section 4 asks.
 */
export function parsePriority(value: string): Priority {
  let { urgency, incremental } = DEFAULT_PRIORITY
  for (const member of value.split(',')) {
    // Parameters of a member mean nothing here.
    const [key, item] = member.split(';', 1)[0]!.trim().split('=', 2)
    if (key === 'u' && item !== undefined && /^[0-7]$/.test(item)) urgency = Number(item)
    if (key === 'i' && (item === undefined || item === '?1' || item === '?0')) {
      incremental = item !== '?0'
    }
  }
  return { urgency, incremental }
}
