import type { RequestBody } from '../application/request'

/**
 * Creates a stream of a request's body. It reads on demand, so a slow reader slows its client down.
 */
export function toReadableStream(body: RequestBody): ReadableStream<Uint8Array> {
  const parts = body[Symbol.asyncIterator]()
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const next = await parts.next()
        if (next.done === true) controller.close()
        else controller.enqueue(next.value)
      },
      async cancel() {
        await parts.return?.()
      },
    },
    // Don't read ahead.
    { highWaterMark: 0 },
  )
}
