import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { testWithProgram } from '../../../test-support/programs'
import {
  chooseCipherSuites,
  HTTP2_CIPHER_SUITES,
  isProhibitedCipherSuite,
  TLS13_CIPHER_SUITES,
  TlsOptionError,
} from '../src'

describe('RFC 9113 appendix A', () => {
  test('none of the default suites is prohibited', () => {
    expect(HTTP2_CIPHER_SUITES.filter(isProhibitedCipherSuite)).toEqual([])
  })

  test.each([
    ['AES128-GCM-SHA256', 'has no ephemeral key exchange'],
    ['ECDHE-RSA-AES128-SHA256', 'uses CBC'],
    ['ECDHE-RSA-RC4-SHA', 'uses a stream cipher'],
    ['ECDHE-ECDSA-NULL-SHA', 'does not encrypt'],
    ['ADH-AES128-GCM-SHA256', 'has an anonymous server'],
    ['PSK-AES128-CCM8', 'uses a bare pre-shared key'],
  ])('%s is prohibited: it %s', (name) => {
    expect(isProhibitedCipherSuite(name)).toBe(true)
  })

  testWithProgram(
    'openssl',
    'the rule agrees with what openssl says of every suite it has: ephemeral, authenticated, AEAD',
    async () => {
      const everything = 'ALL:COMPLEMENTOFALL:@SECLEVEL=0'
      const { stdout } = await promisify(execFile)('openssl', ['ciphers', '-v', everything])
      const suites = stdout
        .trim()
        .split('\n')
        .map((line) => line.split(/\s+/))
        .filter(([, version]) => version !== 'TLSv1.3')
      expect(suites.length).toBeGreaterThan(50)
      for (const [name = '', , exchange = '', authentication, , mac] of suites) {
        const ephemeral = /^Kx=(?:ECDH|DH|ECDHEPSK|DHEPSK)$/.test(exchange)
        const permitted = ephemeral && authentication !== 'Au=None' && mac === 'Mac=AEAD'
        expect([name, isProhibitedCipherSuite(name)]).toEqual([name, !permitted])
      }
    },
  )
})

describe('chooseCipherSuites', () => {
  test('keeps the order and adds the suites of the version that was not named', () => {
    const tls12 = ['ECDHE-RSA-AES256-GCM-SHA384', 'ECDHE-RSA-AES128-GCM-SHA256']
    expect(chooseCipherSuites(tls12)).toEqual([...TLS13_CIPHER_SUITES, ...tls12])
    const tls13 = ['TLS_AES_128_GCM_SHA256']
    expect(chooseCipherSuites(tls13)).toEqual([...tls13, ...HTTP2_CIPHER_SUITES])
  })

  test('refuses a prohibited suite by name', () => {
    const choose = () => chooseCipherSuites(['ECDHE-RSA-AES128-GCM-SHA256', 'AES256-SHA'])
    expect(choose).toThrow(TlsOptionError)
    expect(choose).toThrow(
      expect.objectContaining({
        code: 'TLS_CIPHER_PROHIBITED',
        message: expect.stringContaining('AES256-SHA (RFC 9113 appendix A)'),
      }),
    )
  })

  test.each([
    ['HIGH', 'a keyword'],
    ['!aNULL', 'an operation'],
    ['ECDHE+AESGCM', 'an intersection'],
    ['@SECLEVEL=0', 'a command'],
    ['ECDHE-RSA-AES128-GCM-SHA256:AES128-SHA', 'a list in one'],
    ['TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256', 'the IANA name'],
    ['ECDHE-RSA-AES129-GCM-SHA256', 'unknown to OpenSSL'],
    ['ECDHE-PSK-CHACHA20-POLY1305', 'for pre-shared keys'],
  ])('refuses %s as unusable: %s', (name) => {
    expect(() => chooseCipherSuites([name])).toThrow(
      expect.objectContaining({
        code: 'TLS_CIPHER_UNUSABLE',
        message: expect.stringContaining(name),
      }),
    )
  })

  test('refuses an empty choice', () => {
    expect(() => chooseCipherSuites([])).toThrow(
      expect.objectContaining({ code: 'TLS_CIPHER_UNUSABLE' }),
    )
  })
})
