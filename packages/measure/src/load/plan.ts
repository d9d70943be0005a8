import * as v from 'valibot'

/*
 * Describes a load. These are schemas, because plans are sent to other processes and machines as JSON.
 */

const count = v.pipe(v.number(), v.integer(), v.minValue(1))
const rate = v.pipe(v.number(), v.gtValue(0))

/** One of the requests of a load. */
const plannedRequestSchema = v.object({
  method: v.string(),
  /** Path and query, such as `/search?q=1`. */
  path: v.string(),
  /** Header fields without the pseudo-header fields, in lower case. */
  headers: v.array(v.tuple([v.string(), v.string()])),
  /** In Base64; null without a body. */
  body: v.nullable(v.string()),
  /** How often it is sent, relative to the others. */
  weight: rate,
})

export const loadPlanSchema = v.object({
  /** Such as `https://127.0.0.1:8443`; `https:` for TLS. */
  origin: v.string(),
  httpVersion: v.picklist(['h2', 'http/1.1']),
  /** Simultaneous connections. */
  connections: count,
  /** The most requests in flight on each connection: HTTP/2 streams, or pipelined with HTTP/1.1. */
  streams: count,
  requests: v.pipe(v.array(plannedRequestSchema), v.minLength(1)),
  /** How long to wait for the last answers after a part of the load, in seconds. Later ones count as missing. */
  answerTime: rate,
  /** The seed of the random choice of requests and of Poisson arrivals. */
  seed: v.number(),
})

/** A server and the requests to load it with. */
export type LoadPlan = v.InferOutput<typeof loadPlanSchema>
export type PlannedRequest = v.InferOutput<typeof plannedRequestSchema>

export const loadPartSchema = v.object({
  /**
   * `closed`: each answer makes room for the next request. `open`: requests are sent when they are due, regardless of
   * the server, and latency counts from then.
   */
  loop: v.variant('kind', [
    v.object({ kind: v.literal('closed') }),
    v.object({
      kind: v.literal('open'),
      /** Requests per second, of all connections together; a ramp if they differ. */
      rate: v.object({ from: rate, to: rate }),
      arrivals: v.picklist(['constant', 'poisson']),
    }),
  ]),
  /** How long new requests are sent, or how many. */
  until: v.variant('kind', [
    v.object({ kind: v.literal('time'), seconds: rate }),
    v.object({ kind: v.literal('requests'), requests: count }),
  ]),
})

/** A part of a load: sends requests for some time, then waits for their answers. */
export type LoadPart = v.InferOutput<typeof loadPartSchema>
export type Loop = LoadPart['loop']
