import * as v from 'valibot'
import { MeasureError } from '../errors'
import { checkPermitted, type Permission } from '../load/allowed-hosts'
import { type FromLoadWorker, toLoadWorkerSchema } from '../load/protocol'
import { readMessageLines } from '../load/remote/message-lines'
import { codeOf, serveWorker } from '../load/serve-worker'
import type { LoadFlags } from './load-settings'
import { ownVersion } from './own-version'

/**
 * `h2lab load --worker`: generates load for another h2lab until that closes the standard input.
 *
 * @returns the exit code: 1 if a line was not JSON
 */
export function serveLoadWorker(urls: readonly string[], flags: LoadFlags): Promise<number> {
  checkAlone(urls, flags)
  const permission = flags.iOwnThisTarget === true ? 'any' : 'loopback'
  // The leader is gone, so there is nobody to report to.
  process.stdin.once('end', () => process.exit())
  process.stdin.once('error', () => process.exit())
  process.stdout.once('error', () => process.exit(1))
  const worker = serveWorker({ send }, ownVersion())
  return new Promise((resolve) => {
    readMessageLines(
      process.stdin,
      { parse: (value) => ({ value }), before: 'nothing' },
      {
        onMessage: ({ value }) =>
          whenPermitted(value, permission).then(
            () => worker.receive(value),
            (error: unknown) => refuse(value, error),
          ),
        onGarbage(line) {
          process.stderr.write(`Invalid message: ${JSON.stringify(line.slice(0, 100))}\n`)
          worker.close()
          process.stdin.destroy()
          resolve(1)
        },
      },
    )
  })
}

/** Rejects if the message is about a server that must not be loaded from here. */
async function whenPermitted(value: unknown, permission: Permission): Promise<void> {
  if (v.is(connectSchema, value)) await checkPermitted(value.plan.origin, permission)
}

const connectSchema = toLoadWorkerSchema.options[0]

function refuse(value: unknown, error: unknown): void {
  send({
    type: 'failed',
    id: v.is(connectSchema, value) ? value.id : null,
    code: codeOf(error),
    message: error instanceof Error ? error.message : String(error),
  })
}

function send(message: FromLoadWorker): void {
  process.stdout.write(`${JSON.stringify(message)}\n`)
}

function checkAlone(urls: readonly string[], flags: LoadFlags): void {
  const { worker: _, iOwnThisTarget: __, ...others } = flags
  const given = Object.keys(others).filter((name) => name !== '--')
  if (urls.length + given.length === 0) return
  throw new MeasureError(
    'USAGE',
    '--worker takes no other option than --i-own-this-target: its leader chooses the load.',
  )
}
