import { type ChildProcess, fork } from 'node:child_process'
import { MeasureError, type MeasureErrorCode } from '../errors'
import { nodeOn } from '../machine/cpus'
import type { RunningTarget } from '../targets/target'
import {
  type FromServerProcess,
  SERVER_PROCESS_PROTOCOL,
  type ServerProcessSetup,
  type ToServerProcess,
} from './messages'

/** How long a server's process may take to start or to answer, in milliseconds. */
const ANSWER_TIME = 20_000

/** How long it may take to end on request, in milliseconds. Then it is killed. */
const END_TIME = 2000

/**
 * Starts a server in its own process.
 *
 * @param script the file of the process, which calls `serveMeasured`
 * @param cpus that it runs on; undefined: all
 * @returns when it listens
 * @throws MeasureError `SERVER_FAILED` with the process's output, or if it uses another version of the messages;
 *   `TIMED_OUT` if it does not answer; it is gone then
 */
export async function startServerProcess(
  script: string,
  setup: ServerProcessSetup,
  cpus?: readonly number[],
): Promise<RunningTarget> {
  const child = fork(script, {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    ...nodeOn(cpus),
  })
  // Failed messages to an ending process show in its exit.
  child.on('error', () => {})
  let errors = ''
  child.stderr?.on('data', (text: Buffer) => {
    // The end of the output gives the reason. A server that logs every fault must not fill the memory.
    errors = (errors + text.toString()).slice(-4000)
  })
  try {
    const listening = answerOf(child, 'listening', () => errors)
    child.send({ type: 'start', setup } satisfies ToServerProcess)
    const answer = await listening
    checkProtocol(answer)
    return {
      url: answer.url,
      pid: child.pid,
      async usage() {
        const usage = answerOf(child, 'usage', () => errors)
        child.send({ type: 'usage' } satisfies ToServerProcess)
        return await usage
      },
      stop: () => stop(child),
    }
  } catch (error) {
    await stop(child)
    throw error
  }
}

/** Checked first, because further messages could have another meaning. */
function checkProtocol({ protocol = 1 }: Answer<'listening'>): void {
  if (protocol === SERVER_PROCESS_PROTOCOL) return
  throw new MeasureError(
    'SERVER_FAILED',
    `The server's process uses version ${protocol} of the messages, this h2lab version ${SERVER_PROCESS_PROTOCOL}. Measure its revision with the h2lab of that revision.`,
  )
}

type Answer<Type> = Extract<FromServerProcess, { type: Type }>

function answerOf<Type extends FromServerProcess['type']>(
  child: ChildProcess,
  type: Type,
  errors: () => string,
): Promise<Answer<Type>> {
  return new Promise((resolve, reject) => {
    const fail = (reason: string, code: MeasureErrorCode = 'SERVER_FAILED') => {
      finish()
      reject(new MeasureError(code, `The server's process ${reason}.`))
    }
    const onMessage = (message: FromServerProcess) => {
      if (message.type === 'failed') fail(`could not start: ${message.message}`)
      if (message.type !== type) return
      finish()
      resolve(message as Answer<Type>)
    }
    // A message to a process that is ending fails as well, and its exit gives the reason.
    const onError = (error: Error) => {
      if (child.pid === undefined) fail(`could not be reached: ${error.message}`)
    }
    const onExit = (code: number | null, signal: string | null) => {
      fail(`ended (${signal ?? `exit code ${code}`}): ${errors().trim() || 'it said nothing'}`)
    }
    const giveUp = () => fail(`did not answer within ${ANSWER_TIME} ms`, 'TIMED_OUT')
    const timer = setTimeout(giveUp, ANSWER_TIME)
    const finish = () => {
      clearTimeout(timer)
      child.off('message', onMessage)
      child.off('exit', onExit)
      child.off('error', onError)
    }
    child.on('message', onMessage)
    child.once('exit', onExit)
    child.on('error', onError)
    if (child.exitCode !== null || child.signalCode !== null) {
      onExit(child.exitCode, child.signalCode)
    }
  })
}

function stop(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    const neverStarted = child.pid === undefined
    if (neverStarted || child.exitCode !== null || child.signalCode !== null) {
      resolve()
      return
    }
    const kill = setTimeout(() => child.kill('SIGKILL'), END_TIME)
    child.once('exit', () => {
      clearTimeout(kill)
      resolve()
    })
    if (child.connected) child.send({ type: 'close' } satisfies ToServerProcess)
  })
}
