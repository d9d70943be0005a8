import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { loadUntilGoaway } from '../../../../test-support/clients/goaway-client'
import { testWithProgram } from '../../../../test-support/programs'
import { runProgram } from '../../../../test-support/run-program'
import { temporaryFolder } from '../../../../test-support/temporary-folder'
import { startH2lab } from '../support/h2lab'

const APP = fileURLToPath(new URL('../../../../test-support/apps/noting.mjs', import.meta.url))
/** More than are made before the signal. */
const MOST_REQUESTS = 10_000_000
/** Of the application's responses, in octets. */
const BODY_LENGTH = 10_000

const SERVERS = [
  ['async/http2', 8],
  ['async-custom/http2', 8],
  ['thread/http2', 8],
  ['none/http2', 1],
] as const

describe.each(SERVERS)('h2lab serve %s, ended by SIGTERM under load,', (name, connections) => {
  async function served() {
    const server = startH2lab(['serve', name, '--port', '0', '--app', APP])
    await server.printed('listening on ')
    return { server, url: /listening on (\S+)\n/.exec(server.stdout)![1]! }
  }

  test('answers all requests that it has accepted, and calls the application for no others', async () => {
    const { server, url } = await served()
    const file = join(await temporaryFolder(), 'paths')
    const load = await loadUntilGoaway(url, connections, file)
    server.process.kill('SIGTERM')
    const fates = await load.fates
    for (const { answered, refused, broken } of fates) {
      expect(broken).toEqual([])
      expect(answered).not.toEqual([])
      expect(refused).not.toEqual([])
    }
    const noted = readFileSync(file, 'utf8').trim().split('\n')
    expect(noted.sort()).toEqual(fates.flatMap(({ answered }) => answered).sort())
    expect(await server.ended).toMatchObject({ code: 0, stderr: '' })
  })

  testWithProgram(
    'h2load',
    'answers h2load all requests that it has accepted, and ends no response in the middle',
    async () => {
      const { server, url } = await served()
      const file = join(await temporaryFolder(), 'paths')
      const options = ['-n', MOST_REQUESTS, '-c', connections, '-m', 50].map(String)
      const load = runProgram('h2load', [...options, `${url}path?${file}`])
      await sleep(500)
      server.process.kill('SIGTERM')
      expect(await server.ended).toMatchObject({ code: 0, stderr: '' })
      const { stdout } = await load
      // It counts requests that were refused, and those that it has not even sent, as failed.
      const succeeded = Number(/^status codes: (\d+) 2xx/m.exec(stdout)?.[1])
      const octets = Number(/\((\d+)\) data$/m.exec(stdout)?.[1])
      expect(succeeded).toBeGreaterThan(0)
      expect(octets).toBe(succeeded * BODY_LENGTH)
      expect(readFileSync(file, 'utf8').trim().split('\n')).toHaveLength(succeeded)
    },
  )
})
