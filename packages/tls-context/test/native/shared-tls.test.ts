import { expect, test } from 'vitest'
import { TlsCredentialsError, TlsOptionError } from '../../src'
import {
  NATIVE_ERRORS,
  sharedTlsContext,
  shareTls,
  TICKET_KEYS_OCTETS,
  TlsObjects,
} from '../../src/native'
import { makeCredentials } from '../support/credentials'

const credentials = await makeCredentials()

test('what threads share is plain data: checked options, and keys of its own for each server', async () => {
  const shared = await shareTls({ ...credentials, minVersion: 'TLSv1.3' })
  const { options, ticketKeys } = structuredClone(shared)
  expect(options).toEqual(shared.options)
  expect(ticketKeys).toEqual(new Uint8Array(shared.ticketKeys))
  expect(shared.options).toMatchObject({ minVersion: 'TLSv1.3' })
  expect(shared.ticketKeys).toHaveLength(TICKET_KEYS_OCTETS)
  expect((await shareTls(credentials)).ticketKeys).not.toEqual(shared.ticketKeys)
})

test('a thread makes its context of it, which another one can free', async () => {
  const shared = structuredClone(await shareTls(credentials))
  const memory = TlsObjects.create(1)
  sharedTlsContext(shared, new TlsObjects(memory))
  expect(new BigUint64Array(memory)).not.toContain(0n)
  new TlsObjects(memory).freeAll()
  sharedTlsContext(shared).free()
})

test('what can not be used is refused before any thread starts', async () => {
  await expect(shareTls({ cert: 'none', key: 'none' })).rejects.toThrow(TlsCredentialsError)
  await expect(shareTls({ ...credentials, ciphers: ['none'] })).rejects.toThrow(TlsOptionError)
})

test('the errors of threads are known by the names that they have', () => {
  for (const [name, one] of Object.entries(NATIVE_ERRORS)) expect(one.name).toBe(name)
})
