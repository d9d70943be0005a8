import { type Handler, prebuildResponse } from '../../packages/mini-http2/src'

/** Answers the request of this number, counted from 0, in one of several ways. */
export type Application = (number: number, ...args: Parameters<Handler>) => ReturnType<Handler>

const PREBUILT = prebuildResponse({ status: 200, headers: { 'x-name': 'value' }, body: 'Hello\n' })
const LARGE = new Uint8Array(100_000)

const ways: readonly Handler[] = [
  (_, response) => response.send(200, { 'x-name': 'value' }, 'Hello World\n'),
  async (request, response) => {
    const body = await request.body.octets({ limit: 1000 })
    response.send(200, {}, body)
  },
  (_, response) => {
    response.writeHead(200)
    response.write('abc')
    response.end('def', { 'x-trailer': 'one' })
  },
  // Never ends.
  (_, response) => {
    response.writeHead(200)
    response.write('abc')
  },
  (_, response) => response.reset(),
  () => {
    throw new Error('A handler fails.')
  },
  async (request, response) => {
    response.writeHead(200)
    for await (const piece of request.body) response.write(piece)
    response.end()
  },
  // Never answers.
  () => {},
  (_, response) => response.send(200, {}, LARGE),
  async (request, response) => {
    response.send(200, {}, JSON.stringify(await request.body.json()))
  },
  (_, response) => response.sendPrebuilt(PREBUILT),
  // Answers early, and with what needs a large table or many frames.
  (_, response) => {
    response.send(200, { 'x-long': 'x'.repeat(20_000), 'set-cookie': ['a=b', 'c=d'] }, LARGE)
  },
  (_, response) => {
    response.writeHead(103, { link: '</style.css>' })
    response.send(404)
  },
  (request, response) => {
    response.send(200, { 'x-fields': [...request.headers].length }, request.path)
  },
]

/** Only answers at once, and with little. */
export const atOnce: Application = (_, request, response) =>
  response.send(200, { 'x-path': request.path.length }, 'Hello World\n')

/** Takes one of the ways after another, beginning with this. */
export function inManyWays(first: number): Application {
  return (number, request, response) => ways[(first + number) % ways.length]?.(request, response)
}
