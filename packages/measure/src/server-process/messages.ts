import type { TlsCredentials } from '@h2lab/mini-http2/server'

/*
 * What the measuring process and a server's process say to each other.
 */

/**
 * The version of these messages. Processes of another revision of this project may be measured, see `h2lab compare`:
 * whoever changes what a message means gives it the next number.
 */
export const SERVER_PROCESS_PROTOCOL = 1

/** What a server's process is told first. Not by its arguments: other users can see those. */
export interface ServerProcessSetup {
  /** Which of the servers that the process can start, as `async/mini`. */
  readonly name: string
  /** Undefined: without TLS. */
  readonly tls: TlsCredentials | undefined
}

export type ToServerProcess =
  | { readonly type: 'start'; readonly setup: ServerProcessSetup }
  | { readonly type: 'usage' }
  | { readonly type: 'close' }

export type FromServerProcess =
  /** Without `protocol` it is of a revision that knew the first version only. */
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
