import { execFile, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const FILE = fileURLToPath(new URL('bench-server.mjs', import.meta.url))

/** Starts a server: `{ url, usage(), end() }`, its CPU time in microseconds and memory in octets. */
export async function startServer(description) {
  const child = fork(FILE, [JSON.stringify(description)], { execArgv: ['--expose-gc'] })
  const failed = once(child, 'exit').then(() => Promise.reject(new Error('The server has ended.')))
  const [{ url }] = await Promise.race([once(child, 'message'), failed])
  failed.catch(() => {})
  const ask = async (question) => {
    child.send(question)
    const [answer] = await once(child, 'message')
    return answer
  }
  return {
    url,
    usage: () => ask('usage'),
    collect: () => ask('collect'),
    async end() {
      const ended = once(child, 'exit')
      child.send('end')
      await ended
    },
  }
}

/** Loads a server with h2load; fails if a request does. */
export async function load(url, { requests, clients, streams }) {
  const args = ['-n', requests, '-c', clients, '-m', streams, url].map(String)
  const { stdout } = await promisify(execFile)('h2load', args)
  if (!stdout.includes(`${requests} succeeded`)) throw new Error(`h2load lost requests:\n${stdout}`)
  return Number(/([\d.]+) req\/s/.exec(stdout)[1])
}

/** The middle one of some numbers. */
export function median(numbers) {
  return numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)]
}
