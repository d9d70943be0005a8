/** The error that an action throws. */
export function faultOf(action: () => unknown): Error & { readonly code?: string } {
  try {
    action()
  } catch (error) {
    return error as Error
  }
  throw new Error('Nothing was thrown.')
}
