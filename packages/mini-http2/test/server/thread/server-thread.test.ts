import { fileURLToPath } from 'node:url'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { eventually } from '../../../../../test-support/eventually'
import { runProgram } from '../../../../../test-support/run-program'
import { MisuseError } from '../../../src'
import { ServerThread, type ServerThreadOptions } from '../../../src/server/thread'

type Command = 'fault' | 'handler-error' | 'throw' | 'fail' | 'message' | 'block' | 'end'
interface Data {
  /** How it starts. Default: it serves until it is told to end. */
  readonly start?: 'fails' | 'throws' | 'ends'
}

class WeatherError extends Error {
  override readonly name = 'WeatherError'
  readonly code = 'RAIN'
}

/** A thread and its reports. It has ended when the test has finished. */
function startThread(options: Partial<ServerThreadOptions<Data, unknown>> = {}) {
  const onConnectionError = vi.fn()
  const onHandlerError = vi.fn()
  const onMessage = vi.fn()
  const onGone = vi.fn()
  const thread = new ServerThread<Data, Command, unknown>({
    file: fileURLToPath(new URL('./support/thread.mjs', import.meta.url)),
    data: {},
    transferableErrors: { WeatherError },
    listeners: { onConnectionError, onHandlerError },
    onMessage,
    onGone,
    ...options,
  })
  onTestFinished(() => {
    thread.terminate()
    return thread.ended
  })
  return { thread, onConnectionError, onHandlerError, onMessage, onGone }
}

describe('a thread that serves', () => {
  test('is ready, does what it is told, and ends', async () => {
    const { thread, onMessage, onGone } = startThread()
    await thread.ready
    thread.tell('message')
    await eventually(() => expect(onMessage.mock.calls).toEqual([[{ sun: false }]]))
    expect(onGone).not.toHaveBeenCalled()
    thread.tell('end')
    await thread.ended
    expect(onGone).toHaveBeenCalledTimes(1)
  })

  test('tells of a fault, whose error keeps its class', async () => {
    const { thread, onConnectionError } = startThread()
    thread.tell('fault')
    await eventually(() => expect(onConnectionError).toHaveBeenCalledTimes(1))
    const [{ error, peer }] = onConnectionError.mock.calls[0]!
    expect(error).toBeInstanceOf(WeatherError)
    expect({ error, peer }).toMatchObject({ error: { code: 'RAIN' }, peer: '192.0.2.1:9' })
  })

  test('tells what a handler threw, and its request without a body', async () => {
    const { thread, onHandlerError } = startThread()
    thread.tell('handler-error')
    await eventually(() => expect(onHandlerError).toHaveBeenCalledTimes(1))
    const [error, request] = onHandlerError.mock.calls[0]!
    expect(error).toBeInstanceOf(MisuseError)
    expect(request).toMatchObject({ method: 'GET', path: '/weather' })
    expect(request.headers.get('x-some')).toBe('field')
    expect(request.signal.aborted).toBe(true)
    await expect(request.body.text()).rejects.toMatchObject({ code: 'BODY_USED' })
  })

  test('tells of an error that ends it', async () => {
    const { thread, onConnectionError } = startThread()
    await thread.ready
    thread.tell('throw')
    await thread.ended
    const [{ error }] = onConnectionError.mock.calls[0]!
    expect(error).toBeInstanceOf(RangeError)
    expect(error.message).toBe('too late')
  })

  test('tells that it cannot go on', async () => {
    const { thread, onConnectionError } = startThread()
    await thread.ready
    thread.tell('fail')
    await eventually(() => expect(onConnectionError).toHaveBeenCalledTimes(1))
    expect(onConnectionError.mock.calls[0]![0].error).toBeInstanceOf(WeatherError)
  })

  test('is terminated though it does not return, and its last reports are taken', async () => {
    const { thread, onMessage, onGone } = startThread()
    thread.tell('block')
    await eventually(() => expect(onMessage.mock.calls).toEqual([['blocking']]))
    thread.terminate()
    await thread.ended
    expect(onGone).toHaveBeenCalledTimes(1)
  })

  test('tells without the event loop of its owner', async () => {
    const { thread, onMessage } = startThread()
    await thread.ready
    thread.tell('message')
    const end = performance.now() + 20_000
    while (onMessage.mock.calls.length === 0 && performance.now() < end) thread.takeReports()
    expect(onMessage.mock.calls).toEqual([[{ sun: false }]])
  })
})

describe('a thread that cannot serve', () => {
  test('says why', async () => {
    const { thread, onConnectionError } = startThread({ data: { start: 'fails' } })
    await expect(thread.ready).rejects.toBeInstanceOf(WeatherError)
    await thread.ended
    expect(onConnectionError).not.toHaveBeenCalled()
  })

  test('is told of if it throws', async () => {
    const { thread } = startThread({ data: { start: 'throws' } })
    await expect(thread.ready).rejects.toThrow('too early')
  })

  test('is told of if it ends without a word', async () => {
    const { thread, onGone } = startThread({ data: { start: 'ends' } })
    await expect(thread.ready).rejects.toThrow('ended before it was ready')
    expect(onGone).toHaveBeenCalledTimes(1)
  })

  test('is told of if there is no such file', async () => {
    const { thread } = startThread({ file: fileURLToPath(new URL('./none.mjs', import.meta.url)) })
    await expect(thread.ready).rejects.toThrow('Cannot find module')
  })

  test('is told of if Node does not even start it, and what it was to hold is given back', async () => {
    const data = { unsendable: () => {} } as Data
    const { thread, onGone } = startThread({ data })
    await expect(thread.ready).rejects.toMatchObject({ name: 'DataCloneError' })
    thread.tell('end')
    thread.terminate()
    await thread.ended
    expect(onGone).toHaveBeenCalledTimes(1)
  })
})

test('errors keep their class in CommonJS too, whichever entry it comes from', async () => {
  const file = JSON.stringify(fileURLToPath(new URL('./support/thread.mjs', import.meta.url)))
  const script = `
    const { MisuseError } = require('@h2lab/mini-http2')
    const { ServerThread } = require('@h2lab/mini-http2/server/thread')
    const thread = new ServerThread({ file: ${file}, data: {}, listeners: {
      onHandlerError(error) {
        console.log(error instanceof MisuseError)
        thread.terminate()
      },
    } })
    thread.ready.catch(console.error)
    thread.tell('handler-error')
  `
  const cwd = fileURLToPath(new URL('../../..', import.meta.url))
  const args = ['--input-type=commonjs', '--eval', script]
  expect(await runProgram(process.execPath, args, { cwd })).toMatchObject({
    code: 0,
    stdout: 'true\n',
    stderr: '',
  })
})
