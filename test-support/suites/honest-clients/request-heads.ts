import type { FieldList } from '@h2lab/mini-http2'
import { expect, test } from 'vitest'
import { type FrameClient, frameClient, type StreamOutcome } from '../../clients/frame-client'
import { headersFrames, requestFields } from '../../clients/frames'
import type { ServerStarter } from '../../server-starter'
import { HONEST_CLIENTS_APP } from './app'
import { expectServing } from './requests'

/** Chrome stores this many cookies per domain and sends each as a field, RFC 9113 section 8.2.3. */
const COOKIES = 180

/** Request heads that look unusual but are valid, and some that look valid but are not. */
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

  test(':authority and host that name the same are served', async () => {
    const port = tls ? 443 : 80
    const pairs: readonly (readonly [authority: string, host: string])[] = [
      ['example.com', 'example.com'],
      ['example.com', `example.com:${port}`],
      [`example.com:${port}`, 'example.com'],
      ['example.com:', 'example.com'],
      ['example.com', 'example.com:'],
      ['example.com:', `example.com:${port}`],
      ['EXAMPLE.com', 'example.COM'],
      [`[::1]:${port}`, '[::1]'],
      ['example.com:8080', 'Example.com:8080'],
    ]
    const client = await connect()
    const answers = await askInTurn(client, pairs, (pair) => withAuthority(client, ...pair))
    expect(answers).toEqual(pairs.map((pair) => [...pair, 200]))
  })

  test(':authority and host that name something else are refused', async () => {
    const otherPort = tls ? 80 : 443
    const pairs: readonly (readonly [authority: string, host: string])[] = [
      ['example.com', 'example.org'],
      ['example.com', `example.com:${otherPort}`],
      [`example.com:${otherPort}`, 'example.com:'],
      ['example.com:8080', 'example.com:8081'],
      ['example.com', 'example.com.'],
      ['[::1]', '[::2]'],
    ]
    const client = await connect()
    const answers = await askInTurn(client, pairs, (pair) => withAuthority(client, ...pair))
    expect(answers).toEqual(pairs.map((pair) => [...pair, 'PROTOCOL_ERROR']))
    await expectServing(client)
  })

  test('raw octets above 0x7f in :path are answered 400', async () => {
    const paths = [['/caf\xc3\xa9'], ['/\xff'], ['/?\x80'], ['/\xe9t\xe9?\xc3']] as const
    const client = await connect()
    const answers = await askInTurn(client, paths, ([path]) => get(client, path))
    expect(answers).toEqual(paths.map((path) => [...path, 400]))
    await expectServing(client)
  })
}

/** Makes requests one after another. Returns the description of each with its status or the code of its reset. */
async function askInTurn<About extends readonly string[]>(
  client: FrameClient,
  requests: readonly About[],
  toFields: (about: About) => FieldList,
): Promise<(string | number)[][]> {
  const answers: (string | number)[][] = []
  for (const about of requests) {
    const { status, end } = await ask(client, toFields(about), 1 + 2 * answers.length)
    answers.push([...about, status ?? end])
  }
  return answers
}

function ask(client: FrameClient, fields: FieldList, streamId = 1): Promise<StreamOutcome> {
  void client.send(headersFrames(streamId, fields))
  return client.outcome(streamId)
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
