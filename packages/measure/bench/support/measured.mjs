import { execFile, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const SERVER = fileURLToPath(new URL('./server.mjs', import.meta.url))

/** Starts one of the servers of server.mjs in a process of its own. */
export async function startServer(name) {
  const child = fork(SERVER, [name])
  const [{ port }] = await once(child, 'message')
  return {
    name,
    url: `https://127.0.0.1:${port}/`,
    port,
    /** CPU time in microseconds since its start, and resident memory in octets. */
    async usage() {
      child.send('usage')
      return (await once(child, 'message'))[0]
    },
    async end() {
      child.disconnect()
      await once(child, 'exit')
    },
  }
}

/**
 * Loads a server with h2load.
 *
 * @returns the server's CPU microseconds for each request, and requests a second
 */
export async function load(server, { requests, clients, streams, file }) {
  const body = file === undefined ? [] : ['-d', file]
  const options = ['-n', String(requests), '-c', String(clients), '-m', String(streams), ...body]
  const before = await server.usage()
  const { stdout } = await promisify(execFile)('h2load', [...options, server.url])
  const after = await server.usage()
  const succeeded = Number(/(\d+) succeeded/.exec(stdout)?.[1])
  if (succeeded !== requests) throw new Error(`${server.name} lost requests:\n${stdout}`)
  return {
    cpu: (after.cpu - before.cpu) / requests,
    rate: Number(/finished in .*?, ([\d.]+) req\/s/.exec(stdout)[1]),
  }
}

/**
 * Loads servers in turns, so that all meet the same machine.
 *
 * @param servers by name, how many requests each gets in a round; before that, the same for a warm-up
 * @returns for each server its least CPU time and its highest rate of all rounds: whatever else the
 *   machine does only makes a round worse
 */
export async function loadInTurns(servers, options, rounds) {
  const started = []
  try {
    for (const name of Object.keys(servers)) started.push(await startServer(name))
    const loadOnce = (server) => load(server, { ...options, requests: servers[server.name] })
    for (const server of started) await loadOnce(server)
    const results = new Map(
      started.map(({ name }) => [name, { cpu: Number.POSITIVE_INFINITY, rate: 0 }]),
    )
    for (let round = 0; round < rounds; round++) {
      for (const server of started) {
        const best = results.get(server.name)
        const { cpu, rate } = await loadOnce(server)
        best.cpu = Math.min(best.cpu, cpu)
        best.rate = Math.max(best.rate, rate)
      }
    }
    return results
  } finally {
    for (const server of started) await server.end()
  }
}

/** Prints a ratio beside what it has to be, and makes the benchmark fail if it isn't. */
export function expectRatio(text, ratio, allowed) {
  const holds = ratio <= allowed
  if (!holds) process.exitCode = 1
  const verdict = holds ? 'holds' : 'MISSED'
  console.log(`  ${text}: ${ratio.toFixed(3)}, to be at most ${allowed.toFixed(3)}: ${verdict}`)
}
