import type { HandlerErrorListener } from '@h2lab/mini-http2'
import { createServer, type DispatchMethod } from '@h2lab/mini-http2/server'
import { describe, expect, onTestFinished, test } from 'vitest'
import { requestWithNode } from '../../../test-support/clients/node-client'
import { eventually } from '../../../test-support/eventually'
import { serverStarter } from '../../../test-support/server-starter'
import { none, type SyncProtocolName, thread } from '../src'

const module = new URL('./support/app.mjs', import.meta.url)

const combinations: readonly (readonly [DispatchMethod<string>, SyncProtocolName])[] = [
  [none, 'http2'],
  [none, 'nghttp2'],
  [thread, 'http2'],
  [thread, 'nghttp2'],
]

describe.each(combinations)('an app module behind $0.name/%1$s', (method, protocol) => {
  const name = `${method.name}/${protocol}`

  async function start(errors: Parameters<HandlerErrorListener>[] = []) {
    const { start } = serverStarter(method, { protocol, tls: false })
    return start({ app: { module }, onHandlerError: (...told) => void errors.push(told) })
  }

  test(`${name} calls its handler with the request`, async () => {
    const { url } = await start()
    const [response] = await requestWithNode(url, [{ ':method': 'PUT', cookie: 'a=1; b=2' }])
    expect(response).toMatchObject({ status: 200, headers: { 'x-method': 'PUT' } })
    expect(response!.body.toString()).toBe('a=1; b=2')
  })

  test(`${name} sends what a handler writes in parts`, async () => {
    const { url } = await start()
    const [response] = await requestWithNode(url, [{ ':path': '/parts' }])
    expect(response!.body.toString()).toBe('one two')
  })

  test(`${name} answers 500 for a handler that returns a promise, and tells why`, async () => {
    const errors: Parameters<HandlerErrorListener>[] = []
    const { url } = await start(errors)
    const responses = await requestWithNode(url, [
      { ':path': '/promise' },
      { ':path': '/rejected-promise' },
      { ':path': '/' },
    ])
    expect(responses.map(({ status }) => status)).toEqual([500, 500, 200])
    await eventually(() => expect(errors).toHaveLength(2))
    for (const [error, request] of errors) {
      expect(error).toMatchObject({ name: 'MisuseError', code: 'PROMISE_REFUSED' })
      expect(request.path).toMatch(/promise$/)
    }
  })

  test(`${name} answers 500 for a handler that throws, and tells what`, async () => {
    const errors: Parameters<HandlerErrorListener>[] = []
    const { url } = await start(errors)
    const [response] = await requestWithNode(url, [{ ':path': '/throw', 'x-some': 'field' }])
    expect(response!.status).toBe(500)
    await eventually(() => expect(errors).toHaveLength(1))
    const [error, request] = errors[0]!
    expect(error).toMatchObject({ name: 'RangeError', message: 'thrown by the handler' })
    expect(request.headers.get('x-some')).toBe('field')
    await expect(request.body.text()).rejects.toMatchObject({ name: 'RequestBodyError' })
  })

  test(`${name} resets the stream of a handler that throws behind the head`, async () => {
    const { url } = await start()
    await expect(requestWithNode(url, [{ ':path': '/throw-in-body' }])).rejects.toMatchObject({
      message: expect.stringContaining('NGHTTP2_INTERNAL_ERROR') as string,
    })
    expect(await requestWithNode(url)).toMatchObject([{ status: 200 }])
  })

  test(`${name} ends while a handler does not return`, async () => {
    const server = await start()
    const lost = requestWithNode(server.url, [{ ':path': '/for-ever' }])
    lost.catch(() => {})
    onTestFinished(() => lost.then(undefined, () => {}) as Promise<void>)
    await new Promise((resolve) => setTimeout(resolve, 200))
    await server.close({ graceMs: 0 })
    await expect(lost).rejects.toThrow()
  })

  test(`${name} refuses a function, which cannot follow into a thread`, async () => {
    const refused = createServer(method, { protocol, app: (_, response) => response.send(200) })
    await expect(refused).rejects.toMatchObject({
      code: 'UNSUPPORTED_SERVER_SETUP',
      message: expect.stringContaining('app module') as string,
    })
  })
})
