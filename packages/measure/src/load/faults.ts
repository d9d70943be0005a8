/** The most distinct faults. A server can produce any number of messages. */
const MOST_FAULTS = 20

/** The longest message, in characters. */
const LONGEST_FAULT = 200

/** Counts the faults beyond {@link MOST_FAULTS}. */
const OTHERS = 'other faults'

/** Makes a message safe to print in a terminal, because parts of it come from a server. */
export function faultText(message: string): string {
  const text = message.replace(
    /\p{Cc}/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  return text.length <= LONGEST_FAULT ? text : `${text.slice(0, LONGEST_FAULT - 3)}...`
}

/** Counts a fault. */
export function countFault(faults: Map<string, number>, text: string, times: number): void {
  const isRoom = faults.size < MOST_FAULTS || faults.has(text)
  const kind = isRoom ? text : OTHERS
  faults.set(kind, (faults.get(kind) ?? 0) + times)
}
