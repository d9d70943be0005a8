import type { ChildProcess } from 'node:child_process'
import * as v from 'valibot'
import { MeasureError } from '../../errors'
import { startTied } from '../../processes/tied-program'
import type { Permission } from '../allowed-hosts'
import { fromLoadWorkerSchema } from '../protocol'
import { WorkerLink } from '../worker-link'
import { readMessageLines } from './message-lines'
import type { TeamWorker } from './worker-team'

export interface CommandWorkerOptions {
  readonly name: string
  /** What the shell here runs; it gets messages by its standard input and answers by its standard output. */
  readonly command: string
  readonly permission: Permission
}

/** How long a worker may take to say its first word, in milliseconds: logging in there takes time. */
const START_TIME = 60_000

/** How long it may take to end by itself, in milliseconds. */
const END_TIME = 2000

/** What a shell says of a command that it does not find, POSIX section 2.8.2. */
const NOT_FOUND = 127

/** How much of the standard error is kept, in characters: its end says why. */
const MOST_SAID = 2000

/**
 * Starts a worker by a command, as `ssh box h2lab load --worker`.
 *
 * @throws MeasureError `GENERATOR_FAILED` if it ends, or `TIMED_OUT` if it says nothing
 */
export async function startCommandWorker({
  name,
  command,
  permission,
}: CommandWorkerOptions): Promise<TeamWorker> {
  const whole = permission === 'any' ? `${command} --i-own-this-target` : command
  // A session of its own: Ctrl-C in the terminal is for h2lab, which ends its workers in order.
  const child = await startTied('sh', ['-c', `exec ${whole}`], {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  })
  const link = new WorkerLink(
    name,
    (message) => void child.stdin?.write(`${JSON.stringify(message)}\n`),
  )
  const ended = watch(child, link)
  const timer = setTimeout(() => {
    link.fail(new MeasureError('TIMED_OUT', `said nothing within ${START_TIME / 1000} s`))
  }, START_TIME)
  const worker: TeamWorker = {
    name,
    connect: (plan) => link.connect(plan),
    roundTrip: () => link.roundTrip(),
    async end() {
      child.stdin?.end()
      const patience = setTimeout(() => child.kill('SIGKILL'), END_TIME)
      await ended
      clearTimeout(patience)
    },
  }
  try {
    await link.ask('ready', undefined)
    return worker
  } catch (error) {
    await worker.end()
    throw new MeasureError((error as MeasureError).code, `${name} ${(error as Error).message}.`)
  } finally {
    clearTimeout(timer)
  }
}

/** Reads what the worker says, until it has ended. */
function watch(child: ChildProcess, link: WorkerLink): Promise<void> {
  const lost = (reason: string) => link.fail(new MeasureError('GENERATOR_FAILED', reason))
  let said = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-MOST_SAID)
  })
  // Its end tells all there is to know.
  child.stdin?.on('error', () => {})
  readMessageLines(
    child.stdout!,
    {
      parse: (value) => {
        const parsed = v.safeParse(fromLoadWorkerSchema, value)
        return parsed.success ? parsed.output : undefined
      },
      before: 'noise',
    },
    {
      onMessage: (message) => link.receive(message),
      onGarbage(line) {
        lost(`said what is no message: ${JSON.stringify(line.slice(0, 100))}`)
        child.kill('SIGKILL')
      },
    },
  )
  return new Promise((resolve) => {
    child.once('error', (error) => {
      lost(`could not start: ${error.message}`)
      resolve()
    })
    child.once('close', (code, signal) => {
      lost(endText(signal ?? `exit code ${code}`, said.trim()))
      resolve()
    })
  })
}

function endText(how: string, said: string): string {
  const text = `ended (${how})${said === '' ? '' : `: ${said}`}`
  if (how !== `exit code ${NOT_FOUND}`) return text
  return `${text}. If h2lab has another name there, say it by --worker-command`
}
