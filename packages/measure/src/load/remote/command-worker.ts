import type { ChildProcess } from 'node:child_process'
import * as v from 'valibot'
import { MeasureError } from '../../errors'
import { startTied } from '../../processes/tied-program'
import type { Permission } from '../allowed-hosts'
import { LedWorker } from '../led-worker'
import { type FromLoadWorker, fromLoadWorkerSchema } from '../protocol'
import { readMessageLines } from './message-lines'

export interface CommandWorkerOptions {
  /** What messages call it. */
  readonly name: string
  /** What the shell here runs; it gets messages by its standard input and answers by its standard output. */
  readonly command: string
  /** Passed on to it: it asks for itself whether it may load a host. */
  readonly permission: Permission
  /** Of this package; the worker must have the same, since messages change. */
  readonly version: string
  /** Gives it up while it starts. */
  readonly signal?: AbortSignal | undefined
}

/** How long a worker may take to say its first word, in milliseconds: logging in there takes time. */
const START_TIME = 60_000

/** How often a worker is asked whether it is still there, and how long it may be silent, in milliseconds. */
const ASK_EVERY = 10_000
const MOST_SILENCE = 60_000

/** How long it may take to end by itself, in milliseconds. */
const END_TIME = 2000

/** What a shell says of a command that it does not find: POSIX, shell command language, section 2.8.2. */
const NOT_FOUND = 127

/** How much of the standard error is kept, in characters: its end says why. */
const MOST_SAID = 2000

/**
 * Starts a worker by a command, as `ssh box h2lab load --worker`.
 *
 * @throws MeasureError `GENERATOR_FAILED` if it ends or is of another version, `TIMED_OUT` if it says nothing
 */
export async function startCommandWorker(options: CommandWorkerOptions): Promise<LedWorker> {
  const { name, command, permission } = options
  const whole = permission === 'any' ? `${command} --i-own-this-target` : command
  // A session of its own: Ctrl-C in the terminal is for h2lab, which ends its workers in order.
  const child = await startTied('sh', ['-c', `exec ${whole}`], {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  })
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve())
    child.once('error', () => resolve())
  })
  const worker = new LedWorker(name, {
    send: (message) => void child.stdin?.write(`${JSON.stringify(message)}\n`),
    async end() {
      child.stdin?.end()
      const patience = setTimeout(() => child.kill('SIGKILL'), END_TIME)
      await ended
      clearTimeout(patience)
    },
  })
  try {
    await greeted(child, worker, options)
    return worker
  } catch (error) {
    await worker.end()
    throw error
  }
}

/** Waits for the worker's first word, and watches it from then on until it has ended. */
function greeted(
  child: ChildProcess,
  worker: LedWorker,
  { name, version, signal }: CommandWorkerOptions,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = ''
    let heardAt = performance.now()
    const lose = (reason: string, code: 'GENERATOR_FAILED' | 'TIMED_OUT' = 'GENERATOR_FAILED') => {
      clearTimeout(timer)
      clearInterval(asking)
      signal?.removeEventListener('abort', giveUp)
      const error = new MeasureError(code, `The load worker ${name} ${reason}.`)
      worker.lose(error)
      reject(error)
    }
    const timer = setTimeout(() => {
      lose(`said nothing within ${START_TIME / 1000} s`, 'TIMED_OUT')
    }, START_TIME)
    const asking = setInterval(() => {
      // A machine that is cut off does not end a connection.
      if (performance.now() - heardAt > MOST_SILENCE) {
        lose(`has been silent for ${MOST_SILENCE / 1000} s`)
        child.kill('SIGKILL')
      } else worker.ping().catch(() => {})
    }, ASK_EVERY)
    const giveUp = () => lose('was not waited for any longer')
    signal?.addEventListener('abort', giveUp)
    if (signal?.aborted) giveUp()
    const take = (message: FromLoadWorker) => {
      heardAt = performance.now()
      if (message.type === 'hello') {
        clearTimeout(timer)
        signal?.removeEventListener('abort', giveUp)
        if (message.version === version) resolve()
        else lose(`has h2lab ${message.version} and not ${version}: both must be the same`)
      }
      worker.receive(message)
    }
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-MOST_SAID)
    })
    // Its end tells all there is to know.
    child.stdin?.on('error', () => {})
    readMessageLines(
      child.stdout!,
      { parse: messageOf, before: 'noise' },
      {
        onMessage: take,
        onGarbage(line) {
          lose(`said what is no message: ${JSON.stringify(line.slice(0, 100))}`)
          child.kill('SIGKILL')
        },
      },
    )
    child.once('error', (error) => lose(`could not start: ${error.message}`))
    child.once('close', (code, signal) => {
      lose(endText(signal ?? `exit code ${code}`, said.trim()))
    })
  })
}

function messageOf(value: unknown): FromLoadWorker | undefined {
  const parsed = v.safeParse(fromLoadWorkerSchema, value)
  return parsed.success ? parsed.output : undefined
}

function endText(how: string, said: string): string {
  const text = `ended (${how})${said === '' ? '' : `: ${said.replace(/\.$/, '')}`}`
  if (how !== `exit code ${NOT_FOUND}`) return text
  return `${text}; if h2lab has another name there, --worker-command says it`
}
