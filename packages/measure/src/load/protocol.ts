import * as v from 'valibot'
import { loadPartSchema, loadPlanSchema } from './plan'
import { tallySchema } from './tally'

/*
 * What a load worker and the process that leads it say to each other: by IPC to a child process, or as lines of JSON by
 * standard input and output to one on another machine.
 */

/** Of a session; the leader chooses it. */
const id = v.pipe(v.number(), v.integer())

export const toLoadWorkerSchema = v.variant('type', [
  v.object({ type: v.literal('connect'), id, plan: loadPlanSchema }),
  v.object({
    type: v.literal('run'),
    id,
    part: loadPartSchema,
    /** How often to tell progress, in seconds; null: not at all. */
    progressEvery: v.nullable(v.pipe(v.number(), v.gtValue(0))),
    /** How long to wait before the first request, in seconds. */
    delay: v.pipe(v.number(), v.minValue(0)),
  }),
  /** Ends the part early. */
  v.object({ type: v.literal('stop'), id }),
  v.object({ type: v.literal('close'), id }),
  /** To be answered at once: so the leader learns how long words take. */
  v.object({ type: v.literal('ping') }),
])

export const fromLoadWorkerSchema = v.variant('type', [
  /** First of all. */
  v.object({ type: v.literal('hello'), version: v.string(), node: v.string() }),
  v.object({ type: v.literal('connected'), id, tlsCipher: v.nullable(v.string()) }),
  v.object({ type: v.literal('progress'), id, tally: tallySchema }),
  v.object({ type: v.literal('ended'), id, tally: tallySchema }),
  v.object({
    type: v.literal('failed'),
    /** Null: of no session, as a message that can't be understood. */
    id: v.nullable(id),
    code: v.picklist(['GENERATOR_FAILED', 'TIMED_OUT', 'USAGE']),
    message: v.string(),
  }),
  v.object({ type: v.literal('pong') }),
])

export type ToLoadWorker = v.InferOutput<typeof toLoadWorkerSchema>
export type FromLoadWorker = v.InferOutput<typeof fromLoadWorkerSchema>
