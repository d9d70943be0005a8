import type { TlsCredentials } from '@h2lab/mini-http2/server'

/*
 * The messages between the measuring process and a server's process.
 */

/**
 * The version of these messages. `h2lab compare` may measure processes of other revisions, so a change in the meaning
 * of a message needs the next number.
 */
export const SERVER_PROCESS_PROTOCOL = 1

/** The first message to a server's process. It is not passed as arguments, because other users can see those. */
export interface ServerProcessSetup {
  /** The server to start, such as `async/mini`. */
  readonly name: string
  /** Undefined without TLS. */
  readonly tls: TlsCredentials | undefined
}

export type ToServerProcess =
  | { readonly type: 'start'; readonly setup: ServerProcessSetup }
  | { readonly type: 'usage' }
  | { readonly type: 'close' }

export type FromServerProcess =
  /** Without `protocol`, it comes from a revision with the first version. */
  | { readonly type: 'listening'; readonly url: string; readonly protocol?: number }
  | { readonly type: 'failed'; readonly message: string }
  | ({ readonly type: 'usage' } & ResourceUsage)

/** What a process has used since its start. */
export interface ResourceUsage {
  /** User and system time of all threads, in microseconds. */
  readonly cpu: number
  /** The largest resident set so far, in octets. */
  readonly peakMemory: number
}

export function ownResourceUsage(): ResourceUsage {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage()
  return { cpu: userCPUTime + systemCPUTime, peakMemory: maxRSS * 1024 }
}
