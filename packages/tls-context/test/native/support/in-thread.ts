import { Worker } from 'node:worker_threads'
import { onTestFinished } from 'vitest'

/** What code has returned, or the code of the error it has thrown. */
export type Outcome = { readonly value: unknown } | { readonly code: string }

/**
 * Runs code in another thread, with the built package: a call that blocks there leaves the test free.
 *
 * @param code an expression, or statements that end with one. It sees the package as `native` and what is
 *   given as `data`
 * @returns when the code begins, and what comes of it
 */
export function inThread(
  code: string,
  data: unknown,
): { readonly started: Promise<void>; readonly result: Promise<Outcome> } {
  const script = `
    const { parentPort, workerData } = require('node:worker_threads')
    import('@h2lab/tls-context/native').then((native) => {
      globalThis.native = native
      globalThis.data = workerData.data
      // Loaded now, so that the code begins with the call that blocks.
      native.waitForDescriptor(-1, 0, 0)
      parentPort.postMessage('started')
      try {
        parentPort.postMessage({ value: eval(workerData.code) })
      } catch (error) {
        parentPort.postMessage({ code: error.code ?? String(error) })
      }
    })`
  const thread = new Worker(script, { eval: true, workerData: { code, data } })
  const messages: { resolve: (message: never) => void; reject: (error: unknown) => void }[] = []
  const next = <Message>() =>
    new Promise<Message>((resolve, reject) => messages.push({ resolve, reject }))
  const started = next<void>()
  const result = next<Outcome>()
  thread.on('message', (message) => messages.shift()?.resolve(message as never))
  thread.on('error', (error) => {
    for (const { reject } of messages) reject(error)
  })
  onTestFinished(async () => {
    await thread.terminate()
  })
  return { started, result }
}
