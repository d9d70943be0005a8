import * as v from 'valibot'

/*
 * What load to put on a server. Schemas, since it comes to other processes and machines as JSON.
 */

const count = v.pipe(v.number(), v.integer(), v.minValue(1))
const rate = v.pipe(v.number(), v.gtValue(0))

/** One of the requests that a load consists of. */
const plannedRequestSchema = v.object({
  method: v.string(),
  /** Path and query, as `/search?q=1`. */
  path: v.string(),
  /** Header fields besides the pseudo-header fields, in lower case. */
  headers: v.array(v.tuple([v.string(), v.string()])),
  /** Base64; null: no body. */
  body: v.nullable(v.string()),
  /** How often it is sent in relation to the others. */
  weight: rate,
})

export const loadPlanSchema = v.object({
  /** As `https://127.0.0.1:8443`; `https:` for TLS. */
  origin: v.string(),
  httpVersion: v.picklist(['h2', 'http/1.1']),
  /** Connections at once. */
  connections: count,
  /** Requests in flight on each connection at most: streams of HTTP/2, or pipelined in HTTP/1.1. */
  streams: count,
  requests: v.pipe(v.array(plannedRequestSchema), v.minLength(1)),
  /** How long the last answers may take when a part of the load is over, in seconds; then they are missing. */
  answerTime: rate,
  /** Of the random numbers: which request is next, and when with Poisson arrivals. */
  seed: v.number(),
})

/** Whom to load with what. */
export type LoadPlan = v.InferOutput<typeof loadPlanSchema>
export type PlannedRequest = v.InferOutput<typeof plannedRequestSchema>

export const loadPartSchema = v.object({
  /**
   * `closed`: each answer makes room for the next request. `open`: requests come when they are due, whatever
   * the server does, and latency counts from that moment.
   */
  loop: v.variant('kind', [
    v.object({ kind: v.literal('closed') }),
    v.object({
      kind: v.literal('open'),
      /** Requests a second, of all connections together; a ramp if they differ. */
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

/** A piece of load: requests are sent for some time, then their answers are waited for. */
export type LoadPart = v.InferOutput<typeof loadPartSchema>
export type Loop = LoadPart['loop']
