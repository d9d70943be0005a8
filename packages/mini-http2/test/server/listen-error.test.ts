import { expect, test } from 'vitest'
import { listenError } from '../../src/server'

test.each([
  ['EADDRINUSE', 'PORT_IN_USE'],
  ['EACCES', 'PORT_NOT_PERMITTED'],
  ['EADDRNOTAVAIL', 'HOST_NOT_AVAILABLE'],
  ['ENOTFOUND', 'HOST_NOT_AVAILABLE'],
  ['EAI_AGAIN', 'HOST_NOT_AVAILABLE'],
  ['EMFILE', 'LISTEN_FAILED'],
])('%s is reported as %s, with host, port and the cause', (errno, code) => {
  const cause = Object.assign(new Error(`listen ${errno}`), { code: errno })
  const error = listenError(cause, 'example.test', 80)
  expect(error).toMatchObject({ name: 'ServerSetupError', code, cause })
  expect(error.message).toContain('example.test:80')
  expect(error.message).toContain(errno)
})
