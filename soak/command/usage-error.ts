/** An option that can't be what it is. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
