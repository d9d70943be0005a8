import type { MessagePort } from 'node:worker_threads'
import type { TransferredError } from './error-transfer'
import type { TransferredRequest } from './request-transfer'

/** What a thread is started with: its own data, and where its reports go and its commands come from. */
export interface ThreadStart<Data> {
  readonly data: Data
  readonly port: MessagePort
}

/** What a thread tells the one that has started it. */
export type ThreadReport<Message> =
  /** It serves. */
  | { readonly kind: 'ready' }
  /** It can't serve, or not any more. */
  | { readonly kind: 'failed'; readonly error: TransferredError }
  | { readonly kind: 'fault'; readonly error: TransferredError; readonly peer: string }
  | {
      readonly kind: 'handler-error'
      readonly error: TransferredError
      readonly request: TransferredRequest
    }
  /** What only its package understands. */
  | { readonly kind: 'message'; readonly message: Message }
