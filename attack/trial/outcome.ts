import type { BrokenPromise, Measurements } from './promises'

/** What came of one attack from so many connections on one server. */
export interface Outcome {
  readonly attack: string
  readonly connections: number
  readonly server: string
  readonly result: Result
}

export type Result =
  | {
      readonly kind: 'measured'
      readonly broken: readonly BrokenPromise[]
      readonly measurements: Measurements
    }
  /** It means nothing here. */
  | { readonly kind: 'not-tried'; readonly reason: string }
  /** The server or a helper could not be started, or did not answer. */
  | { readonly kind: 'failed'; readonly reason: string }
