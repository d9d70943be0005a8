import { expect, test } from 'vitest'
import { IMPLEMENTATIONS } from '../../src'
import { h2lab } from '../support/h2lab'

test('h2lab list names implementations, experiments, clips and load generators', async () => {
  const { code, stdout } = await h2lab(['list'])
  for (const { name } of IMPLEMENTATIONS) expect(stdout).toContain(`  ${name} `)
  for (const name of ['sweep', 'requests', 'latency', 'server-usage']) {
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
  expect(listing.clips[0].columns).toHaveProperty('requestsPerSecond')
  expect(code).toBe(0)
})
