import * as v from 'valibot'
import { MeasureError } from '../errors'
import { checkPermitted } from '../load/allowed-hosts'
import { type FromLoadWorker, type ToLoadWorker, toLoadWorkerSchema } from '../load/protocol'
import { readMessageLines } from '../load/remote/message-lines'
import { serveWorker } from '../load/serve-worker'
import type { LoadFlags } from './load-settings'

/**
 * `h2lab load --worker`: makes load for an h2lab elsewhere, until that closes the standard input.
 *
 * @returns the exit code: 1 if something came that is no message
 */
export function serveLoadWorker(urls: readonly string[], flags: LoadFlags): Promise<number> {
  checkAlone(urls, flags)
  const permission = flags.iOwnThisTarget === true ? 'any' : 'loopback'
  return new Promise((resolve) => {
    // Whoever has asked is gone.
    process.stdin.once('end', () => process.exit())
    process.stdout.once('error', () => process.exit(1))
    serveWorker({
      send,
      onMessage(listener) {
        const take = async (message: ToLoadWorker) => {
          try {
            if (message.type === 'connect') await checkPermitted(message.plan.origin, permission)
            listener(message)
          } catch (error) {
            refuse(message, error)
          }
        }
        readMessageLines(
          process.stdin,
          { parse: messageOf, before: 'nothing' },
          {
            onMessage: (message) => void take(message),
            onGarbage(line) {
              process.stderr.write(`This is no message: ${JSON.stringify(line.slice(0, 100))}\n`)
              resolve(1)
              process.stdin.destroy()
            },
          },
        )
      },
    })
  })
}

function send(message: FromLoadWorker): void {
  process.stdout.write(`${JSON.stringify(message)}\n`)
}

function refuse(message: ToLoadWorker, error: unknown): void {
  send({
    type: 'failed',
    session: 'session' in message ? message.session : 0,
    code: 'GENERATOR_FAILED',
    message: error instanceof Error ? error.message : String(error),
  })
}

function messageOf(value: unknown): ToLoadWorker | undefined {
  const parsed = v.safeParse(toLoadWorkerSchema, value)
  return parsed.success ? parsed.output : undefined
}

function checkAlone(urls: readonly string[], flags: LoadFlags): void {
  const { worker: _, iOwnThisTarget: __, ...others } = flags
  const given = Object.keys(others).filter((name) => name !== '--')
  if (urls.length + given.length === 0) return
  throw new MeasureError(
    'USAGE',
    '--worker stands alone or with --i-own-this-target: it is told what to load.',
  )
}
