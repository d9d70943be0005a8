import type { FieldList } from '@h2lab/mini-http2'
import { expect, test } from 'vitest'
import { type FrameClient, frameClient, type StreamOutcome } from '../../clients/frame-client'
import { headersFrames, requestFields } from '../../clients/frames'
import type { ServerStarter } from '../../server-starter'
import { HONEST_CLIENTS_APP } from './app'
import { expectServing } from './requests'

/** Chrome keeps so many cookies for a domain, and sends each as a field: RFC 9113 section 8.2.3. */
const COOKIES = 180

/** Request heads that look unusual and are right, and those that look right and are not. */
export function describeRequestHeads({ start, tls }: ServerStarter): void {
  const connect = async () => frameClient((await start({ app: HONEST_CLIENTS_APP })).url)

  test(`${COOKIES} cookies that come one by one reach the handler as one field`, async () => {
    const client = await connect()
    const crumbs = Array.from({ length: COOKIES }, (_, index) => `name${index}=${index}`)
    const outcome = await ask(client, [...get(client, '/cookie'), ...crumbs.map(cookie)])
    expect(outcome).toMatchObject({ status: 200, body: crumbs.join('; ') })
  })

  test('cookies that are too long together are answered 431, and the connection goes on', async () => {
    const client = await connect()
    const crumbs = Array.from({ length: COOKIES }, (_, index) => `name${index}=${'x'.repeat(400)}`)
    expect(await ask(client, [...get(client), ...crumbs.map(cookie)])).toMatchObject({
      status: 431,
    })
    await expectServing(client)
  })

  const [port, otherPort] = tls ? [443, 80] : [80, 443]
  test.each([
    ['example.com', 'example.com'],
    ['example.com', `example.com:${port}`],
    [`example.com:${port}`, 'example.com'],
    ['example.com:', 'example.com'],
    ['example.com', 'example.com:'],
    ['example.com:', `example.com:${port}`],
    ['EXAMPLE.com', 'example.COM'],
    [`[::1]:${port}`, '[::1]'],
    ['example.com:8080', 'Example.com:8080'],
  ])(':authority %s and host %s are the same, and served', async (authority, host) => {
    const client = await connect()
    expect(await ask(client, withAuthority(client, authority, host))).toMatchObject({ status: 200 })
  })

  test.each([
    ['example.com', 'example.org'],
    ['example.com', `example.com:${otherPort}`],
    [`example.com:${otherPort}`, 'example.com:'],
    ['example.com:8080', 'example.com:8081'],
    ['example.com', 'example.com.'],
    ['[::1]', '[::2]'],
  ])(':authority %s and host %s are different, and refused', async (authority, host) => {
    const client = await connect()
    const { status, end } = await ask(client, withAuthority(client, authority, host))
    expect([400, 'PROTOCOL_ERROR']).toContain(status ?? end)
    await expectServing(client)
  })

  test.each([
    ['UTF-8', '/caf\xc3\xa9'],
    ['an octet that is no UTF-8', '/\xff'],
    ['0x80', '/?\x80'],
  ])('raw octets above 0x7f in :path are answered 400: %s', async (_, path) => {
    const client = await connect()
    expect(await ask(client, get(client, path))).toMatchObject({ status: 400 })
    await expectServing(client)
  })
}

/** Makes the only request of a client. */
function ask(client: FrameClient, fields: FieldList): Promise<StreamOutcome> {
  void client.send(headersFrames(1, fields))
  return client.outcome(1)
}

function get({ url }: FrameClient, path = '/'): FieldList {
  return requestFields(url, 'GET', path)
}

function cookie(crumb: string): readonly [string, string] {
  return ['cookie', crumb]
}

function withAuthority(client: FrameClient, authority: string, host: string): FieldList {
  const fields = get(client).map(([name, value]): readonly [string, string] => [
    name,
    name === ':authority' ? authority : value,
  ])
  return [...fields, ['host', host]]
}
