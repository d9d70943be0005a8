import type { MakeClientProtocol } from './client-protocol'
import type { HttpVersion } from './http-version'
import { http1Requests } from './http1/http1-client'
import { http2Requests } from './http2-client'
import type { LoadPlan } from './plan'

const REQUESTS: Readonly<Record<HttpVersion, (plan: LoadPlan) => MakeClientProtocol>> = {
  h2: http2Requests,
  'http/1.1': http1Requests,
}

/** Prepares the requests of a plan in its version of HTTP. */
export function requestsFor(plan: LoadPlan): MakeClientProtocol {
  return REQUESTS[plan.httpVersion](plan)
}
