import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { eventually } from '../../../../test-support/eventually'
import { testWithProgram } from '../../../../test-support/programs'
import { temporaryFolder } from '../../../../test-support/temporary-folder'
import { chooseGenerator, generatorFrom, type Load } from '../../src'
import { nodeServer, ok } from '../support/node-server'

/*
 * An h2load that a command runs elsewhere. Here that is on the same machine, but for the
 * measuring process it looks as if ssh(1) did it.
 */

/** As ssh: it knows one host, where a shell runs the rest of its arguments. */
const SSH = `#!/bin/sh
host=$1
shift
if [ "$host" != box ]; then
  echo "ssh: Could not resolve hostname $host: Name or service not known" >&2
  exit 255
fi
sh -c "$*"
exit $?
`

/** Returns the file's name as it is written in a command: there is a space in it. */
async function makeSsh(): Promise<string> {
  const file = join(await temporaryFolder(), 'my ssh')
  await writeFile(file, SSH)
  await chmod(file, 0o755)
  return `'${file}'`
}

const NO_EVENTS = { measureStart: async () => {}, measureEnd: async () => {} }

function loadOf(url: string, about: Partial<Load> = {}): Load {
  return { url, httpVersion: 'h2', clients: 2, streams: 5, duration: 0.4, warmup: 0.1, ...about }
}

describe('a generator by a command', () => {
  testWithProgram('h2load', 'is h2load, and its version says where it runs', async () => {
    const command = `${await makeSsh()} box h2load`
    const { generator, version } = await chooseGenerator(generatorFrom(command))
    expect(generator.name).toBe('h2load')
    expect(version).toMatch(/^\d+\.\d+/)
    expect(version).toContain(`(${command})`)
  })

  for (const httpVersion of ['h2', 'http/1.1'] as const) {
    testWithProgram(
      'h2load',
      `measures in ${httpVersion}, without CPU time of its own`,
      async () => {
        const { url } = await nodeServer(ok, { httpVersion })
        const events: string[] = []
        const generator = generatorFrom(`${await makeSsh()} box h2load`)
        const result = await generator.run(loadOf(url, { httpVersion }), {
          async measureStart() {
            events.push('start')
          },
          async measureEnd() {
            events.push('end')
          },
        })
        expect(events).toEqual(['start', 'end'])
        expect(result.requests.succeeded).toBeGreaterThan(0)
        expect(result.requests.failed).toBe(0)
        expect(result.latency.mean).toBeGreaterThan(0)
        expect(result.cpu).toBeNull()
      },
    )
  }

  testWithProgram('h2load', 'gets arguments of its own', async () => {
    const agents = new Set<string | undefined>()
    const { url } = await nodeServer((exchange) => {
      agents.add(exchange.header('user-agent'))
      exchange.answer()
    })
    const command = `${await makeSsh()} box h2load --header=user-agent:somebody`
    await generatorFrom(command).run(loadOf(url), NO_EVENTS)
    // The check of an h2load that can't be watched has none.
    agents.delete(undefined)
    expect([...agents]).toEqual(['somebody'])
  })

  testWithProgram('h2load', 'ends early when it is aborted, for all we can see', async () => {
    const server = await nodeServer(ok)
    const controller = new AbortController()
    const generator = generatorFrom(`${await makeSsh()} box h2load`)
    const running = generator.run(loadOf(server.url, { duration: 3 }), NO_EVENTS, controller.signal)
    await eventually(() => expect(server.sockets.size).toBe(2))
    controller.abort(new Error('no longer'))
    await expect(running).rejects.toThrow('no longer')
  })

  test('is unavailable if its host is not there, with what the command said', async () => {
    const generator = generatorFrom(`${await makeSsh()} nowhere h2load`)
    expect(await generator.availability()).toEqual({
      state: 'unavailable',
      reason: expect.stringMatching(/nowhere h2load --version" ended \(exit code 255\): .*resolve/),
    })
    await expect(generator.run(loadOf('http://127.0.0.1:1/'), NO_EVENTS)).rejects.toMatchObject({
      code: 'GENERATOR_FAILED',
      message: expect.stringContaining('nowhere h2load ended (exit code 255): ssh: Could not'),
    })
  })

  test('is unavailable if there is no such command', async () => {
    const generator = generatorFrom('h2load-that-is-not-there --some')
    await expect(chooseGenerator(generator)).rejects.toMatchObject({
      code: 'GENERATOR_FAILED',
      message: expect.stringMatching(/"h2load-that-is-not-there --some --version" .*not found/),
    })
    await expect(generator.run(loadOf('http://127.0.0.1:1/'), NO_EVENTS)).rejects.toMatchObject({
      code: 'GENERATOR_FAILED',
      message: expect.stringContaining('h2load-that-is-not-there --some ended (exit code 127)'),
    })
  })

  test('is unavailable if the command is another program', async () => {
    expect(await generatorFrom('echo some').availability()).toEqual({
      state: 'unavailable',
      reason: '"echo some --version" printed no version of nghttp2, but: some --version',
    })
  })

  test.each(['', ' '])('needs one: %j', (command) => {
    expect(() => generatorFrom(command)).toThrow(expect.objectContaining({ code: 'USAGE' }))
  })
})
