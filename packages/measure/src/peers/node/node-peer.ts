import type { Server } from 'node:net'
import type { CheckedTlsCredentials } from '@h2lab/tls-context'
import type { HttpVersion } from '../../load/http-version'

/** The properties of a server on Node.js. */
export interface NodePeer {
  readonly name: string
  /** What it is, in one line. */
  readonly title: string
  readonly httpVersion: HttpVersion
  /** The npm packages that it needs. */
  readonly packages: readonly string[]
  /**
   * Creates the server, which answers GET / in the usual way and has no limit on requests.
   *
   * @param tls undefined without TLS
   * @returns a server that does not listen yet
   */
  create(tls: CheckedTlsCredentials | undefined): Promise<Server>
}
