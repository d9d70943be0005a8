import { readdir, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { devTls } from '@h2lab/tls-context'
import { describe, expect, onTestFinished, test } from 'vitest'
import { testWithProgram } from '../../../../../test-support/programs'
import { CLIPS, defineExperiment, embedded, loadedServer, runExperiment } from '../../../src'
import { checkAnswer } from '../../../src/answer-check/check-answer'
import { EXTERNAL_PEERS } from '../../../src/peers/external/external-peers'
import { isFree } from '../../../src/peers/external/free-port'
import { nginx } from '../../../src/peers/external/nginx'
import { startProgram } from '../../../src/peers/external/start-program'
import { findProgram } from '../../../src/processes/find-program'
import type { RunningTarget, Target } from '../../../src/targets/target'
import { allGone, descendantsOf, HAS_PROC } from '../../support/processes'
import { temporaryRoot } from '../../support/temporary-root'

/** Starts a peer; it is gone when the test has finished. */
async function started(peer: Target, transport: string): Promise<RunningTarget> {
  const server = await peer.start({ tls: transport === 'TLS' ? await devTls() : undefined })
  onTestFinished(() => server.stop())
  return server
}

const portOf = ({ url }: RunningTarget) => Number(new URL(url).port)

describe.each(EXTERNAL_PEERS.map((peer) => [peer.name, peer] as const))('%s', (name, peer) => {
  const testWithPeer = (title: string, body: () => Promise<void>) =>
    testWithProgram(name, title, body)

  for (const transport of ['TLS', 'plain TCP']) {
    testWithPeer(`answers in HTTP/2 through ${transport} as all servers do`, async () => {
      const { url } = await started(peer, transport)
      expect(new URL(url).protocol).toBe(transport === 'TLS' ? 'https:' : 'http:')
      await checkAnswer(url, 'h2')
    })

    testWithPeer(`is measured through ${transport}, and no request fails`, async () => {
      const experiment = defineExperiment({
        name: 'peer',
        title: 'a peer alone',
        variables: {
          scenario: [{ clients: 2, tls: transport === 'TLS' }],
          streams: [150],
          implementation: [name],
        },
        simulator: loadedServer({
          generator: embedded,
          tls: await devTls(),
          duration: 0.4,
          warmup: 0.1,
        }),
        clips: CLIPS,
      })
      for await (const trial of runExperiment(experiment)) {
        if (trial.outcome === 'failed') throw trial.error
        expect(trial.columns).toMatchObject({ requestsFailed: 0 })
        expect(trial.columns['requestsSucceeded']).toBeGreaterThan(0)
        if (!HAS_PROC) continue
        // A hundredth of a second is the least that is told: on a busy machine that may be none.
        expect(trial.columns['serverCpuPerRequest']).toBeGreaterThanOrEqual(0)
        expect(trial.columns['serverPeakMemory']).toBeGreaterThan(2 ** 20)
      }
    })
  }

  testWithPeer('has its key where only the owner can read it', async () => {
    await temporaryRoot()
    await started(peer, 'TLS')
    const [folder] = await readdir(tmpdir())
    const { mode } = await stat(join(tmpdir(), folder!, 'key.pem'))
    expect(mode & 0o777).toBe(0o600)
  })

  testWithPeer('leaves no process, no folder and no port behind', async () => {
    const folders = await temporaryRoot()
    const before = HAS_PROC ? descendantsOf(process.pid).map(({ pid }) => pid) : []
    const server = await started(peer, 'TLS')
    const children = HAS_PROC
      ? descendantsOf(process.pid).filter(({ pid }) => !before.includes(pid))
      : []
    await server.stop()
    await allGone(children)
    expect(await folders()).toEqual([])
    expect(await isFree(portOf(server))).toBe(true)
  })

  testWithPeer('can be stopped twice', async () => {
    const server = await started(peer, 'plain TCP')
    await server.stop()
    await server.stop()
  })

  testWithPeer('is told apart from one that has ended', async () => {
    const server = await started(peer, 'plain TCP')
    await server.stop()
    await expect(server.usage()).rejects.toMatchObject({
      code: 'SERVER_FAILED',
      message: expect.stringContaining(`${name} has ended`),
    })
  })

  testWithPeer('runs several times at once, each on a port of its own', async () => {
    const servers = await Promise.all([1, 2, 3].map(() => started(peer, 'plain TCP')))
    expect(new Set(servers.map(portOf)).size).toBe(3)
    for (const { url } of servers) await checkAnswer(url, 'h2')
  })
})

testWithProgram('nginx', 'a configuration that is refused fails with what nginx says', async () => {
  const folders = await temporaryRoot()
  const broken = {
    ...nginx,
    configure: (setup: Parameters<typeof nginx.configure>[0]) => ({
      ...nginx.configure(setup),
      files: { 'nginx.conf': 'frob on;' },
    }),
  }
  const found = { file: findProgram('nginx')!, version: '1.22.1' }
  await expect(startProgram(broken, found, { tls: undefined })).rejects.toMatchObject({
    code: 'SERVER_FAILED',
    message: expect.stringMatching(/^nginx has ended \(exit code 1\): .*unknown directive "frob"/),
  })
  expect(await folders()).toEqual([])
})

test('a program that can not be run fails with the reason, and its folder is gone', async () => {
  const folders = await temporaryRoot()
  const found = { file: '/no/such/nginx', version: '1.22.1' }
  await expect(startProgram(nginx, found, { tls: undefined })).rejects.toMatchObject({
    code: 'SERVER_FAILED',
    message: expect.stringContaining('/no/such/nginx'),
  })
  expect(await folders()).toEqual([])
})
