import type { MessagePort } from 'node:worker_threads'
import type { TransferredError } from './error-transfer'
import type { TransferredRequest } from './request-transfer'

/** The start data of a thread: its own data, and the ports for reports and commands. */
export interface ThreadStart<Data> {
  readonly data: Data
  readonly port: MessagePort
  /** The memory of its `ThreadState`. */
  readonly state: SharedArrayBuffer
}

/** A report of a thread to its parent thread. */
export type ThreadReport<Message> =
  /** The thread serves. */
  | { readonly kind: 'ready' }
  /** The thread has got its first client. */
  | { readonly kind: 'serving' }
  /** The thread can't serve, or can't continue. */
  | { readonly kind: 'failed'; readonly error: TransferredError }
  | { readonly kind: 'fault'; readonly error: TransferredError; readonly peer: string }
  | {
      readonly kind: 'handler-error'
      readonly error: TransferredError
      readonly request: TransferredRequest
    }
  /** So many faults and handler errors were left out, because too many waited. */
  | { readonly kind: 'left-out'; readonly count: number }
  /** A message of the package. */
  | { readonly kind: 'message'; readonly message: Message }
