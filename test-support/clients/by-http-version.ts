import { type NodeResponse, requestWithNode } from './node-client'
import { requestWithNodeHttp1 } from './node-http1-client'
import { type RawClient, rawClient } from './raw-client'
import { rawHttp1Client } from './raw-http1-client'

/** The versions of HTTP that servers under test speak. */
export type HttpVersion = '1.1' | '2'

/** The clients and names that tests use for a version of HTTP. */
export interface Clients {
  requestWithNode(
    url: string,
    requests?: Parameters<typeof requestWithNode>[1],
  ): Promise<NodeResponse[]>
  rawClient(url: string): Promise<RawClient>
  /** The option that makes curl use it from the start. */
  curlFlag(tls: boolean): string
  /** The name that curl prints, which is also in the status line of a response. */
  readonly curlName: string
  /** Its ALPN identifier. */
  readonly alpn: string
}

export const CLIENTS: Readonly<Record<HttpVersion, Clients>> = {
  '1.1': {
    requestWithNode: requestWithNodeHttp1,
    rawClient: rawHttp1Client,
    curlFlag: () => '--http1.1',
    curlName: '1.1',
    alpn: 'http/1.1',
  },
  '2': {
    requestWithNode,
    rawClient,
    curlFlag: (tls) => (tls ? '--http2' : '--http2-prior-knowledge'),
    curlName: '2',
    alpn: 'h2',
  },
}
