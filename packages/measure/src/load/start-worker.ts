import { type ChildProcess, fork } from 'node:child_process'
import { MeasureError } from '../errors'
import { builtFile } from '../processes/built-file'
import { LedWorker } from './led-worker'
import type { FromLoadWorker } from './protocol'

const WORKER_PROCESS = builtFile('load-worker-process', import.meta.url)

/** How long a worker may take to send its first message, in milliseconds. */
const START_TIME = 20_000

export interface StartWorkerOptions {
  /** Its name in messages. Default: `process` and its number. */
  readonly name?: string | undefined
  /** The CPUs that it runs on. Default: all. */
  readonly cpus?: readonly number[] | undefined
  /** Aborts the start. */
  readonly signal?: AbortSignal | undefined
}

/** A worker in a process of this machine. */
export interface LocalWorker extends LedWorker {
  readonly pid: number
}

/**
 * Starts a load worker in its own process, which ends with this one.
 *
 * @throws MeasureError `GENERATOR_FAILED` if it can't be started, `TIMED_OUT` if it sends nothing
 */
export async function startWorker({
  name,
  cpus,
  signal,
}: StartWorkerOptions = {}): Promise<LocalWorker> {
  const child = fork(WORKER_PROCESS, {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    execArgv: [],
    ...(cpus === undefined
      ? {}
      : { execPath: 'taskset', execArgv: ['-c', cpus.join(','), process.execPath] }),
  })
  const worker = new LedWorker(name ?? `process ${child.pid}`, {
    send: (message) => {
      if (child.connected) child.send(message)
    },
    end: () => end(child),
  })
  let errors = ''
  child.stderr?.on('data', (text: Buffer) => {
    errors = (errors + text.toString()).slice(-2000)
  })
  const greeted = new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(failed('TIMED_OUT', `sent nothing within ${START_TIME} ms`))
    }, START_TIME)
    const lose = (reason: string) => {
      clearTimeout(timer)
      const error = failed('GENERATOR_FAILED', reason)
      worker.lose(error)
      reject(error)
    }
    child.on('message', (message: FromLoadWorker) => {
      if (message.type === 'hello') {
        clearTimeout(timer)
        resolve()
      }
      worker.receive(message)
    })
    child.once('error', (error) => lose(`could not start: ${error.message}`))
    // Not `exit`, because only now its last output was read.
    child.once('close', (code, killedBy) => {
      lose(`ended (${killedBy ?? `exit code ${code}`}): ${errors.trim() || 'it said nothing'}`)
    })
  })
  const giveUp = () => void worker.end()
  signal?.addEventListener('abort', giveUp)
  if (signal?.aborted) giveUp()
  try {
    await greeted
  } catch (error) {
    child.kill('SIGKILL')
    throw error
  } finally {
    signal?.removeEventListener('abort', giveUp)
  }
  return Object.assign(worker, { pid: child.pid! })

  function failed(code: 'GENERATOR_FAILED' | 'TIMED_OUT', reason: string): MeasureError {
    return new MeasureError(code, `The load worker ${name ?? `process ${child.pid}`} ${reason}.`)
  }
}

/** Kills it at once, because its results are not needed any more. */
function end(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) resolve()
    else {
      child.once('exit', () => resolve())
      child.kill('SIGKILL')
    }
  })
}
