import { describe, expect, test } from 'vitest'
import { loopbackUrl } from '../command/loopback'
import { UsageError } from '../command/usage-error'

describe('a target', () => {
  test.each(['https://127.0.0.1:8443/', 'http://127.1.2.3:80/', 'https://[::1]:8443/'])(
    'may be %s',
    async (url) => {
      expect((await loopbackUrl(url)).href).toBe(new URL(url).href)
    },
  )

  test('by name is attacked at the address that the name has now', async () => {
    expect((await loopbackUrl('https://localhost:8443/')).hostname).toMatch(/^(127\.|\[::1\])/)
  })

  test.each([
    ['https://192.0.2.1/', 'only servers on loopback addresses'],
    ['https://[2001:db8::1]:8443/', 'only servers on loopback addresses'],
    ['https://0.0.0.0:8443/', 'only servers on loopback addresses'],
    ['https://[::ffff:192.0.2.1]/', 'only servers on loopback addresses'],
    ['https://no-such-host.invalid/', 'it has no address'],
    ['ftp://127.0.0.1/', 'it must be a URL as https://127.0.0.1:8443/'],
    ['127.0.0.1:8443', 'it must be a URL as https://127.0.0.1:8443/'],
  ])('can not be %s', async (url, reason) => {
    const refused = loopbackUrl(url)
    await expect(refused).rejects.toBeInstanceOf(UsageError)
    await expect(refused).rejects.toThrow(reason)
  })
})
