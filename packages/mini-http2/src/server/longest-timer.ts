/** The longest duration of a Node.js timer in milliseconds: 24.8 days. */
export const LONGEST_TIMER = 2 ** 31 - 1
