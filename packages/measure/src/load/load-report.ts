import * as v from 'valibot'
import { loadPartSchema } from './plan'

/*
 * The output of `h2lab load --json`. Its JSON Schema is schema/load.json of this package.
 */

const count = v.pipe(v.number(), v.integer(), v.minValue(0))
const measure = v.pipe(v.number(), v.minValue(0))

function told<Schema extends v.GenericSchema>(schema: Schema, description: string) {
  return v.pipe(schema, v.description(description))
}

const askedSchema = v.object({
  urls: v.array(
    v.object({ url: v.string(), weight: told(measure, 'How often, relative to the others.') }),
  ),
  method: v.string(),
  headers: told(v.array(v.tuple([v.string(), v.string()])), 'Names and values.'),
  bodyOctets: told(count, 'Length of the body of each request.'),
  httpVersion: v.picklist(['h2', 'http/1.1']),
  connections: told(count, 'Simultaneous connections of all workers.'),
  streams: told(count, 'The most requests in flight on each connection.'),
  loop: told(
    loadPartSchema.entries.loop,
    'closed: each answer makes room for a request. open: requests are due at a rate per second, a ramp if from and to differ.',
  ),
  until: told(loadPartSchema.entries.until, 'How long new requests are sent, or how many.'),
  warmup: told(measure, 'Seconds of load before measuring.'),
  answerTime: told(measure, 'Seconds that the last answers may take.'),
  seed: told(count, 'Seed for the order of URLs and Poisson arrivals.'),
})

const requestsSchema = v.object({
  started: told(count, 'Requests sent. Each is in one of the next four.'),
  succeeded: told(count, 'Answered with status 2xx.'),
  failed: told(count, 'Answered with another status.'),
  errored: told(count, 'Reset or lost with their connection.'),
  unanswered: told(count, 'Not answered within answerTime.'),
  unsent: told(
    count,
    'Due or asked for by their number, but there was no connection with room before the end.',
  ),
})

const latencySchema = v.object({
  from: told(
    v.picklist(['intended-start', 'sending']),
    'Where each latency begins: when its request was due (open loop), or when it was sent (closed loop). It ends with the last octet of the answer.',
  ),
  mean: v.nullable(measure),
  p50: v.nullable(measure),
  p90: v.nullable(measure),
  p99: v.nullable(measure),
  p999: v.nullable(measure),
  max: v.nullable(measure),
  histogram: told(
    v.string(),
    'All latencies in microseconds: a compressed HDR histogram (V2) in Base64.',
  ),
})

const generatorSchema = v.object({
  cpuPerRequest: told(
    v.nullable(measure),
    'User and system time per answer, in microseconds. In an open loop this includes waiting for due times.',
  ),
  utilisation: told(
    v.nullable(measure),
    'CPU seconds per second of the busiest worker. Each has one thread, so 1 is the maximum.',
  ),
  limit: told(
    v.picklist(['generator', 'other', 'unknown']),
    'generator: a worker was busy all the time, so the figures say more about it than about the server. unknown: its CPU time is not known, or in an open loop it was busy, maybe by waiting for due times, and did not send all.',
  ),
})

const workerSchema = v.variant('state', [
  v.object({
    name: v.string(),
    connections: count,
    state: v.literal('completed'),
    started: count,
    answersPerSecond: measure,
    cpu: told(v.nullable(measure), 'User and system time, in microseconds.'),
  }),
  v.object({
    name: v.string(),
    connections: count,
    state: told(v.literal('lost'), 'It ended early. Its share is not included in any figure.'),
    reason: v.string(),
  }),
])

export const loadReportSchema = v.pipe(
  v.object({
    format: told(v.literal(1), 'Increases when a field changes its meaning or is removed.'),
    startedAt: told(v.string(), 'ISO 8601.'),
    outcome: told(
      v.picklist(['completed', 'interrupted']),
      'interrupted: ended early by a signal, with the results until then.',
    ),
    asked: askedSchema,
    seconds: told(measure, 'From the first request to the last answer.'),
    connections: told(count, 'Simultaneous connections of the workers that completed.'),
    refusals: told(
      count,
      'Times that the server refused a request before it processed any of it (REFUSED_STREAM). It was sent again, unless nothing but refusals came: then it is errored.',
    ),
    reconnections: told(count, 'Connections opened to replace those ended by the server.'),
    mostInFlight: told(count, 'The most requests in flight at once on one connection.'),
    mostStreams: told(
      v.nullable(count),
      'The fewest concurrent requests that the server allowed on a connection during the load; null if unknown.',
    ),
    tlsCipher: v.nullable(v.string()),
    requests: requestsSchema,
    offeredPerSecond: told(
      v.nullable(measure),
      'Open loop: requests due per second, of the workers that completed; null in a closed loop.',
    ),
    answersPerSecond: told(measure, 'Answers per second, with any status.'),
    statuses: told(v.record(v.string(), count), 'How often each status was received.'),
    faults: told(v.record(v.string(), count), 'What went wrong, and how often.'),
    latency: told(latencySchema, 'Times in microseconds; null without answers.'),
    generator: generatorSchema,
    workers: v.array(workerSchema),
    versions: told(
      v.record(v.string(), v.string()),
      'The versions of Node.js, its libraries and the packages.',
    ),
  }),
  v.title('A load by h2lab'),
)

/** A load and its results. */
export type LoadReport = v.InferOutput<typeof loadReportSchema>
