// What a handler can do in the loop's thread, and what the loop tells there.
import { subscribe } from 'node:diagnostics_channel'
import { readFile } from 'node:fs/promises'
import { setImmediate as immediately, setTimeout as sleep } from 'node:timers/promises'
import { threadId } from 'node:worker_threads'

/** What was done for the first client, in order. */
const log = []
let firstPeer
function record(peer, what) {
  firstPeer ??= peer
  if (peer === firstPeer) log.push(what)
}
subscribe('h2lab:async-custom:action', ({ peer, action }) => record(peer, action))
subscribe('h2lab:async-custom:read', ({ peer, octets }) =>
  record(peer, `read ${Math.sign(octets)}`),
)
subscribe('h2lab:async-custom:write', ({ peer, octets }) =>
  record(peer, `write ${Math.sign(octets)}`),
)

// A leftover: it mustn't keep the server's thread alive.
setInterval(() => {}, 1000)

const ANSWERS = {
  '/log': () => JSON.stringify(log),
  '/thread': () => String(threadId),
  '/timer': () => sleep(20, 'timer'),
  '/immediates': async () => {
    for (let count = 0; count < 50; count++) await immediately()
    return 'immediates'
  },
  '/promise': async () => {
    await null
    return 'promise'
  },
  '/tick': () => new Promise((resolve) => process.nextTick(resolve, 'tick')),
  '/file': async () => (await readFile(new URL(import.meta.url), 'utf8')).slice(0, 7),
  '/fetch': async () => {
    const response = await fetch('data:text/plain,fetched')
    return response.text()
  },
  '/never': () => new Promise(() => {}),
  '/throws': () => {
    throw new Error('deliberate')
  },
  '/dies': () => {
    setTimeout(() => {
      throw new Error('nobody catches this')
    })
    return 'dying'
  },
  '/dies-in-a-tick': () => {
    process.nextTick(() => {
      throw new Error('nobody catches this')
    })
    return 'dying'
  },
  '/rejects': () => {
    void Promise.reject(new Error('nobody catches this'))
    return 'dying'
  },
  '/computes': () => {
    const end = performance.now() + 200
    while (performance.now() < end);
    return 'computed'
  },
  '/hangs': () => {
    for (;;);
  },
}

export default async (request, response) => {
  const answer = await ANSWERS[request.path]?.()
  response.send(answer === undefined ? 404 : 200, {}, answer ?? '')
}
