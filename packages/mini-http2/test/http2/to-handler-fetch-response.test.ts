import { afterEach, describe, expect, test } from 'vitest'
import { FetchResponse, installFetchClasses } from '../../src/fetch'

const NativeResponse = Response

/** The same response with both classes. */
function both(...parameters: ConstructorParameters<typeof Response>): [Response, Response] {
  const fetchResponse = new FetchResponse(...parameters) as unknown as Response
  return [fetchResponse, new NativeResponse(...parameters)]
}

const PROPERTIES = ['status', 'ok', 'statusText', 'type', 'url', 'redirected', 'bodyUsed'] as const

describe('a FetchResponse is what a native Response is', () => {
  test.each<[string, ConstructorParameters<typeof Response>]>([
    ['without anything', []],
    ['of text', ['abc']],
    ['of no text', ['']],
    ['of octets', [new Uint8Array([1, 2, 3])]],
    ['of null, with a status', [null, { status: 404, statusText: 'Not Found' }]],
    ['with the status 299', ['abc', { status: 299 }]],
    ['with fields', ['abc', { headers: { A: '1', 'Content-Type': 'b' } }]],
    ['with status 204', [null, { status: 204 }]],
    ['of URLSearchParams', [new URLSearchParams({ a: '1' })]],
  ])('%s', async (_, parameters) => {
    const [one, native] = both(...parameters)
    for (const name of PROPERTIES) expect([name, one[name]]).toEqual([name, native[name]])
    expect([...one.headers]).toEqual([...native.headers])
    expect(one.body === null).toBe(native.body === null)
    expect(await one.text()).toBe(await native.text())
    expect(one.bodyUsed).toBe(native.bodyUsed)
  })

  test('and read in every way', async () => {
    for (const parameters of [['{"a":1}'], [new TextEncoder().encode('{"a":1}')]] as const) {
      const [one, native] = both(...parameters)
      expect(await one.clone().json()).toEqual(await native.clone().json())
      expect(await one.clone().arrayBuffer()).toEqual(await native.clone().arrayBuffer())
      expect(await (await one.clone().blob()).text()).toEqual('{"a":1}')
      expect(await new NativeResponse(one.clone().body).text()).toBe('{"a":1}')
      expect(await one.text()).toBe('{"a":1}')
    }
    const form = new FetchResponse('a=1', {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    })
    expect([...(await (form as unknown as Response).formData())]).toEqual([['a', '1']])
  })

  test('and read once', async () => {
    for (const one of both('abc')) {
      await one.text()
      expect(one.bodyUsed).toBe(true)
      await expect(one.text()).rejects.toThrow(TypeError)
      await expect(one.json()).rejects.toThrow(TypeError)
      await expect(one.arrayBuffer()).rejects.toThrow(TypeError)
      expect(() => one.clone()).toThrow(TypeError)
    }
  })

  test.each<[string, ConstructorParameters<typeof Response>, ErrorConstructor]>([
    ['a status below 200', [null, { status: 100 }], RangeError],
    ['a status above 599', [null, { status: 600 }], RangeError],
    ['a body with 204', ['abc', { status: 204 }], TypeError],
    ['an empty body with 304', ['', { status: 304 }], TypeError],
  ])('and refuses %s', (_, parameters, kind) => {
    expect(() => new NativeResponse(...parameters)).toThrow(kind)
    expect(() => new FetchResponse(...parameters)).toThrow(kind)
  })

  test('and keeps its octets, whatever their owner does', async () => {
    const octets = new TextEncoder().encode('abc')
    const [one] = both(octets)
    octets.fill(0)
    expect(await one.text()).toBe('abc')
  })

  test('and keeps the fields it was given, whatever their owner does', () => {
    const headers = new Headers({ a: '1' })
    const [one] = both(null, { headers })
    headers.set('a', '2')
    expect(one.headers.get('a')).toBe('1')
  })

  test('as are those of json, redirect and error', async () => {
    const json = FetchResponse.json({ a: 1 }, { status: 201, headers: { b: '2' } })
    const native = NativeResponse.json({ a: 1 }, { status: 201, headers: { b: '2' } })
    expect([json.status, [...json.headers], await json.text()]).toEqual([
      native.status,
      [...native.headers],
      await native.text(),
    ])
    expect(() => FetchResponse.json(undefined)).toThrow(TypeError)
    expect(FetchResponse.redirect('https://localhost/').status).toBe(302)
    expect(FetchResponse.error().type).toBe('error')
  })
})

describe('instanceof', () => {
  test('takes a FetchResponse for a Response', () => {
    expect(new FetchResponse()).toBeInstanceOf(NativeResponse)
    expect(Object.prototype.toString.call(new FetchResponse())).toBe('[object Response]')
  })

  test('takes a Response for a FetchResponse, which may stand for it', () => {
    expect(new NativeResponse()).toBeInstanceOf(FetchResponse)
    expect({}).not.toBeInstanceOf(FetchResponse)
  })

  test('tells the classes apart that extend it', async () => {
    class Special extends FetchResponse {}
    expect(new Special()).toBeInstanceOf(Special)
    expect(new Special()).toBeInstanceOf(FetchResponse)
    expect(new FetchResponse()).not.toBeInstanceOf(Special)
    expect(await new Special('abc').text()).toBe('abc')
  })
})

describe('installFetchClasses', () => {
  let restore = () => {}
  afterEach(() => restore())

  test('replaces the global classes, and puts them back', () => {
    const { Request: requestBefore, Response: responseBefore } = globalThis
    restore = installFetchClasses()
    expect(globalThis.Response).toBe(FetchResponse)
    expect(globalThis.Request).not.toBe(requestBefore)
    restore()
    expect(globalThis.Response).toBe(responseBefore)
    expect(globalThis.Request).toBe(requestBefore)
  })

  test('leaves all objects what they were', () => {
    const before = { request: new Request('https://localhost/'), response: new Response() }
    restore = installFetchClasses()
    expect(before.request).toBeInstanceOf(Request)
    expect(before.response).toBeInstanceOf(Response)
    expect(before.request.clone()).toBeInstanceOf(Request)
    expect(new Request('https://localhost/')).toBeInstanceOf(Request)
    class Special extends Request {
      readonly special = true
    }
    expect(new Special('https://localhost/')).toMatchObject({
      special: true,
      url: 'https://localhost/',
    })
    restore()
    expect(new Request('https://localhost/')).toBeInstanceOf(Request)
  })

  test('may be called twice', async () => {
    const first = installFetchClasses()
    const second = installFetchClasses()
    expect(await new Response('abc').clone().text()).toBe('abc')
    expect(new Request(new Request('https://localhost/')).url).toBe('https://localhost/')
    second()
    first()
    expect(globalThis.Response).toBe(NativeResponse)
  })
})
