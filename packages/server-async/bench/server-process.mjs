import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { processTarget } from '@h2lab/measure'
import { devTls } from '@h2lab/tls-context'

const FILE = fileURLToPath(new URL('bench-server.mjs', import.meta.url))

/** What a server is called, by its description. */
export function nameOf({ gather = true, ...others }) {
  return Object.values(others).join(' ') + (gather ? '' : ' without gathering')
}

/** A server as a target of experiments. */
export function targetOf(description, name = nameOf(description)) {
  return processTarget({ name, script: FILE, server: JSON.stringify(description) })
}

/**
 * Starts a server: `{ url, usage(), collect(), end() }`, its CPU time in microseconds, its memory after garbage was
 * collected in octets.
 */
export async function startServer({ tls, ...description }) {
  const child = fork(FILE, { execArgv: ['--expose-gc'] })
  const failed = once(child, 'exit').then(() => Promise.reject(new Error('The server has ended.')))
  failed.catch(() => {})
  const ask = async (question) => {
    child.send(question)
    const [answer] = await Promise.race([once(child, 'message'), failed])
    if (answer.type === 'failed') throw new Error(answer.message)
    return answer
  }
  const setup = { name: JSON.stringify(description), tls: tls ? await devTls() : undefined }
  const { url } = await ask({ type: 'start', setup })
  return {
    url,
    usage: () => ask({ type: 'usage' }),
    collect: async () => ({ ...(await ask({ type: 'usage' })), ...(await ask('collect')) }),
    async end() {
      const ended = once(child, 'exit')
      child.send({ type: 'close' })
      await ended
    },
  }
}
