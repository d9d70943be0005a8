import { fork } from 'node:child_process'
import { MeasureError, type MeasureErrorCode } from '../../errors'
import { builtFile } from '../../processes/built-file'
import {
  allowedTime,
  type Load,
  type LoadEvents,
  type LoadGenerator,
  type LoadResult,
} from '../load-generator'
import type { FromEmbeddedProcess } from './messages'

const EMBEDDED_PROCESS = builtFile('embedded-process', import.meta.url)

/**
 * The load generator that needs no other program, in a process of its own: mini-http2's client, and
 * pipelined requests for HTTP/1.1.
 */
export const embedded: LoadGenerator = {
  name: 'embedded',
  availability: async () => ({ state: 'available', version: `Node ${process.versions.node}` }),
  run,
}

function run(load: Load, events: LoadEvents, signal?: AbortSignal): Promise<LoadResult> {
  return new Promise((resolve, reject) => {
    const child = fork(EMBEDDED_PROCESS, [JSON.stringify(load)], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      execArgv: [],
    })
    let errors = ''
    const rejectWith = (error: unknown) => {
      finish()
      child.kill('SIGKILL')
      reject(error)
    }
    const failWith = (code: MeasureErrorCode, reason: string, cause?: unknown) => {
      rejectWith(new MeasureError(code, `The embedded load generator ${reason}.`, { cause }))
    }
    const fail = (reason: string, cause?: unknown) => failWith('GENERATOR_FAILED', reason, cause)
    const abort = () => fail('was stopped', signal?.reason)
    const allowed = allowedTime(load)
    const giveUp = () => failWith('TIMED_OUT', `had no result after ${allowed} ms`)
    const timer = setTimeout(giveUp, allowed)
    const finish = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
    }
    // Events are told one after another, and the result after them.
    let told: Promise<void> = Promise.resolve()
    const tell = (event: () => Promise<void>) => {
      told = told.then(event)
      told.catch(rejectWith)
    }
    const onMessage = (message: FromEmbeddedProcess) => {
      switch (message.type) {
        case 'measure-start':
          tell(() => events.measureStart())
          break
        case 'measure-end':
          tell(() => events.measureEnd())
          break
        case 'failed':
          failWith(message.code, `failed: ${message.message.replace(/\.$/, '')}`)
          break
        case 'result':
          finish()
          told.then(() => resolve(message.result), reject)
      }
    }
    child.stderr?.on('data', (text: Buffer) => {
      errors = (errors + text.toString()).slice(-2000)
    })
    child.on('message', onMessage)
    child.once('error', (error) => fail(`could not start: ${error.message}`, error))
    child.once('exit', (code, killedBy) => {
      // After the result this changes nothing: the promise is settled or about to be.
      if (code !== 0) fail(`ended (${killedBy ?? `exit code ${code}`}): ${errors.trim()}`)
    })
    signal?.addEventListener('abort', abort, { once: true })
    if (signal?.aborted) abort()
  })
}
