import type { Server } from 'node:net'
import type { CheckedTlsCredentials } from '@h2lab/tls-context'
import type { HttpVersion } from '../../load/http-version'

/** A server on Node.js, as far as it differs from others. */
export interface NodePeer {
  readonly name: string
  /** What it is, in one line. */
  readonly title: string
  readonly httpVersion: HttpVersion
  /** What it needs besides Node.js, as npm knows it. */
  readonly packages: readonly string[]
  /**
   * Makes the server, which answers GET / as people would write it, and has no limit on requests.
   *
   * @param tls undefined: without TLS
   * @returns before it listens
   */
  create(tls: CheckedTlsCredentials | undefined): Promise<Server>
}
