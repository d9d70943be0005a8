import { type NodeResponse, requestWithNode } from './node-client'
import { requestWithNodeHttp1 } from './node-http1-client'
import { type RawClient, rawClient } from './raw-client'
import { rawHttp1Client } from './raw-http1-client'

/** The versions of HTTP that servers under test speak. */
export type HttpVersion = '1.1' | '2'

/** What tests use whatever the version of HTTP. */
export interface Clients {
  requestWithNode(
    url: string,
    requests?: Parameters<typeof requestWithNode>[1],
  ): Promise<NodeResponse[]>
  rawClient(url: string): Promise<RawClient>
  /** What makes curl speak it, from the start. */
  curlFlag(tls: boolean): string
  /** As curl writes it, and as it is in the first line of a response. */
  readonly curlName: string
  /** What it is called by ALPN. */
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
