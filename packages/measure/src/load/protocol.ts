import * as v from 'valibot'
import { loadPartSchema, loadPlanSchema } from './plan'
import { tallySchema } from './tally'

/*
 * The messages between a load worker and its leader: over IPC to a child process, or as lines of JSON on standard
 * input and output to another machine.
 */

/** The identifier of a session, chosen by the leader. */
const id = v.pipe(v.number(), v.integer())

export const toLoadWorkerSchema = v.variant('type', [
  v.object({ type: v.literal('connect'), id, plan: loadPlanSchema }),
  v.object({
    type: v.literal('run'),
    id,
    part: loadPartSchema,
    /** How often to report progress, in seconds; null: never. */
    progressEvery: v.nullable(v.pipe(v.number(), v.gtValue(0))),
    /** How long to wait before the first request, in seconds. */
    delay: v.pipe(v.number(), v.minValue(0)),
  }),
  /** Ends the part early. */
  v.object({ type: v.literal('stop'), id }),
  v.object({ type: v.literal('close'), id }),
  /** Answered immediately, so that the leader can measure the round-trip time. */
  v.object({ type: v.literal('ping') }),
])

export const fromLoadWorkerSchema = v.variant('type', [
  /** The first message. */
  v.object({ type: v.literal('hello'), version: v.string(), node: v.string() }),
  v.object({ type: v.literal('connected'), id, tlsCipher: v.nullable(v.string()) }),
  v.object({ type: v.literal('progress'), id, tally: tallySchema }),
  v.object({ type: v.literal('ended'), id, tally: tallySchema }),
  v.object({
    type: v.literal('failed'),
    /** Null without a session, such as for an invalid message. */
    id: v.nullable(id),
    code: v.picklist(['GENERATOR_FAILED', 'TIMED_OUT', 'USAGE']),
    message: v.string(),
  }),
  v.object({ type: v.literal('pong') }),
])

export type ToLoadWorker = v.InferOutput<typeof toLoadWorkerSchema>
export type FromLoadWorker = v.InferOutput<typeof fromLoadWorkerSchema>
