import type { ChildProcess } from 'node:child_process'
import * as v from 'valibot'
import { describeIssue } from '../../describe-issue'
import { MeasureError } from '../../errors'
import { startTied } from '../../processes/tied-program'
import type { Permission } from '../allowed-hosts'
import { LedWorker } from '../led-worker'
import { type FromLoadWorker, fromLoadWorkerSchema } from '../protocol'
import { readMessageLines } from './message-lines'

export interface CommandWorkerOptions {
  /** Its name in messages. */
  readonly name: string
  /** The shell command. It gets messages on standard input and answers on standard output. */
  readonly command: string
  /** Passed on to the worker, which checks by itself whether it may load a host. */
  readonly permission: Permission
  /** The version of this package. The worker must have the same, because messages change. */
  readonly version: string
  /** Aborts the start. */
  readonly signal?: AbortSignal | undefined
}

/** How long a worker may take to send its first message, in milliseconds. Logging in takes time. */
const START_TIME = 60_000

/** How often a worker is asked whether it is still there, and how long it may be silent, in milliseconds. */
const ASK_EVERY = 10_000
const MOST_SILENCE = 60_000

/** How long it may take to end on its own, in milliseconds. */
const END_TIME = 2000

/** The exit code of a shell that does not find a command: POSIX, shell command language, section 2.8.2. */
const NOT_FOUND = 127

/** How much of the standard error is kept, in characters. Its end says why a worker failed. */
const MOST_SAID = 2000

/**
 * Starts a worker with a command such as `ssh box h2lab load --worker`.
 *
 * @throws MeasureError `GENERATOR_FAILED` if it ends or is of another version, `TIMED_OUT` if it says nothing
 */
export async function startCommandWorker(options: CommandWorkerOptions): Promise<LedWorker> {
  const { name, command, permission } = options
  const whole = permission === 'any' ? `${command} --i-own-this-target` : command
  // Its own session, because Ctrl-C in the terminal is for h2lab, which ends its workers gracefully.
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

/** Waits for the worker's first message and monitors it until it has ended. */
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
      lose(`sent nothing within ${START_TIME / 1000} s`, 'TIMED_OUT')
    }, START_TIME)
    const asking = setInterval(() => {
      // A connection does not end when its machine loses the network.
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
    // The exit of the process is reported instead.
    child.stdin?.on('error', () => {})
    readMessageLines(
      child.stdout!,
      { parse: messageOf, before: 'noise' },
      {
        onMessage: take,
        onGarbage(line) {
          lose(`sent an invalid message: ${faultOf(line)}`)
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

/** The reason, or the line itself where it is nothing of ours. */
function faultOf(line: string): string {
  const text = JSON.stringify(line.slice(0, 100))
  try {
    const { issues } = v.safeParse(fromLoadWorkerSchema, JSON.parse(line))
    return issues === undefined ? text : describeIssue(issues[0]).replace(/\.$/, '')
  } catch {
    return text
  }
}

function endText(how: string, said: string): string {
  const text = `ended (${how})${said === '' ? '' : `: ${said.replace(/\.$/, '')}`}`
  if (how !== `exit code ${NOT_FOUND}`) return text
  return `${text}; if h2lab has another name there, give --worker-command`
}
