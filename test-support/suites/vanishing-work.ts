import type { VanishingRequest } from '../clients/vanishing-client'

/** What the server is doing, worded as the middle of a sentence. */
export interface Work extends VanishingRequest {
  readonly name: string
  /** Whether the client reads the response. */
  readonly reads: boolean
  /** What the application records when the server has started it. */
  readonly begun: string
  /** What it records when the client is gone. */
  readonly noticed: readonly string[]
  /** The arguments for curl. */
  readonly curl: readonly string[]
}

/**
 * The requests that the tests make, to `apps/vanishing.mjs`.
 *
 * @param awaits whether handlers can return promises
 */
export function works(awaits: boolean): readonly Work[] {
  const common = { content: 'none', windows: 'largest', reads: true, curl: [] } as const
  const waits = { ...common, begun: 'begun', noticed: ['aborted'] } as const
  const stream = {
    ...common,
    path: '/stream',
    begun: 'full',
    noticed: awaits ? ['aborted', 'drained'] : ['aborted'],
  }
  return [
    { ...waits, name: 'an event stream waits to be continued', path: '/event-stream' },
    { ...waits, name: 'a long poll waits for its response', path: '/long-poll' },
    { ...stream, name: 'a response waits for the client to read', reads: false },
    { ...stream, name: 'a response waits for the windows of HTTP/2', windows: 'initial' },
    {
      ...waits,
      name: 'an upload is received',
      path: '/upload',
      content: 'open',
      begun: awaits ? 'octets' : 'begun',
      noticed: awaits ? ['aborted', 'body CLIENT_GONE'] : ['aborted'],
      curl: ['--header', 'Expect:', '--upload-file', '-'],
    },
  ]
}

export const DOWNLOAD = { path: '/download', content: 'none', windows: 'largest' } as const

export const TICKS: Work = {
  name: 'an event stream goes on',
  path: '/ticks',
  content: 'none',
  windows: 'largest',
  reads: true,
  begun: 'tick',
  noticed: ['aborted'],
  curl: [],
}
