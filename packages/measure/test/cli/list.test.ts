import { uwsAvailability } from '@h2lab/server-uws'
import { expect, test } from 'vitest'
import { testWithProgram } from '../../../../test-support/programs'
import { IMPLEMENTATIONS, PEERS } from '../../src'
import { h2lab } from '../support/h2lab'

test('h2lab list names implementations, peers, experiments, clips and load generators', async () => {
  const { code, stdout } = await h2lab(['list'])
  for (const { name } of [...IMPLEMENTATIONS, ...PEERS]) expect(stdout).toContain(`  ${name} `)
  for (const name of ['sweep', 'latency', 'equal-rate', 'requests', 'server-usage']) {
    expect(stdout).toContain(`  ${name} `)
  }
  expect(stdout).toMatch(/embedded +available: Node /)
  expect(code).toBe(0)
})

test('what is unavailable is listed with the reason', async () => {
  const path = process.env['PATH']
  process.env['PATH'] = ''
  try {
    const { stdout } = await h2lab(['list'])
    expect(stdout).toMatch(/h2load +unavailable: h2load is not on PATH/)
    expect(stdout).toMatch(/h2o .* unavailable: h2o is not on PATH \(Debian: h2o\)/)
  } finally {
    process.env['PATH'] = path
  }
})

test('h2lab list --json prints the same as JSON', async () => {
  const { code, stdout } = await h2lab(['list', '--json'])
  const listing = JSON.parse(stdout)
  expect(listing.implementations.map(({ name }: { name: string }) => name)).toEqual(
    IMPLEMENTATIONS.map(({ name }) => name),
  )
  expect(listing.peers.map(({ name }: { name: string }) => name)).toEqual(
    PEERS.map(({ name }) => name),
  )
  expect(listing.clips[0].columns).toHaveProperty('requestsPerSecond')
  expect(code).toBe(0)
})

testWithProgram('nghttpd', 'a peer that is there is listed with its version', async () => {
  const listing = JSON.parse((await h2lab(['list', '--json'])).stdout)
  expect(listing.peers).toContainEqual({
    name: 'nghttpd',
    title: expect.any(String),
    httpVersion: 'h2',
    state: 'available',
    version: expect.stringMatching(/^\d+\.\d+/),
  })
})

test('uws is listed with its protocol, and the build in use or why there is none', async () => {
  const { stdout } = await h2lab(['list'])
  const build = uwsAvailability()
  const said =
    build.state === 'available'
      ? `available: ${build.package} ${build.version}`
      : `unavailable: ${build.reason}`
  const line = stdout.split('\n').find((one) => one.startsWith('  uws '))
  expect(line).toContain('HTTP/1.1; ')
  expect(line).toContain(said)
})
