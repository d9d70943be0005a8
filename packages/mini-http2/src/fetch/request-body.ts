import type { RequestBody } from '../application/request'

/** Makes a stream of a request's body. It reads when it is read itself, so that a slow reader slows its client. */
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
    // Nothing ahead of the reader.
    { highWaterMark: 0 },
  )
}
