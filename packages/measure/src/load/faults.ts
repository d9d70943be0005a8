/** How many kinds of faults are told apart; a server makes up as many messages as it likes. */
const MOST_FAULTS = 20

/** How long a message may be, in characters. */
const LONGEST_FAULT = 200

/** What goes beyond {@link MOST_FAULTS}. */
const OTHERS = 'other faults'

/** Makes a message fit for a terminal, since parts of it come from a server. */
export function faultText(message: string): string {
  const text = message.replace(
    /\p{Cc}/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  return text.length <= LONGEST_FAULT ? text : `${text.slice(0, LONGEST_FAULT - 3)}...`
}

/** Adds to how often a fault was seen. */
export function countFault(faults: Map<string, number>, text: string, times: number): void {
  const isRoom = faults.size < MOST_FAULTS || faults.has(text)
  const kind = isRoom ? text : OTHERS
  faults.set(kind, (faults.get(kind) ?? 0) + times)
}
