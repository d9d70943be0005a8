import type { HttpVersion } from '../http-version'
import type { MakeClientProtocol } from './client-protocol'
import { http1Requests } from './http1/http1-client'
import { http2Requests } from './http2-client'

const REQUESTS: Readonly<Record<HttpVersion, (url: URL) => MakeClientProtocol>> = {
  h2: http2Requests,
  'http/1.1': http1Requests,
}

/** Prepares requests for a URL in a version of HTTP. */
export function requestsFor(url: URL, httpVersion: HttpVersion): MakeClientProtocol {
  return REQUESTS[httpVersion](url)
}
