import { createSecureContext } from 'node:tls'
import { TlsOptionError } from '../errors'

/**
 * The default TLS 1.2 cipher suites of a context, by their OpenSSL names, in the server's order of
 * preference.
 *
 * All have ephemeral key exchange and authenticated encryption, so none is in RFC 9113 appendix A.
 * AES-128 is first because section 9.2.2 requires it and it is the fastest with AES instructions.
 * ChaCha20 is for clients without them. Each is listed for both kinds of certificate keys.
 */
export const HTTP2_CIPHER_SUITES: readonly string[] = [
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
]

/** OpenSSL's default TLS 1.3 cipher suites, in its order. RFC 9113 restricts none of them. */
export const TLS13_CIPHER_SUITES: readonly string[] = [
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'TLS_AES_128_GCM_SHA256',
]

/** The names that OpenSSL knows. The last two are disabled by default. */
const KNOWN_TLS13 = [...TLS13_CIPHER_SUITES, 'TLS_AES_128_CCM_SHA256', 'TLS_AES_128_CCM_8_SHA256']

/** The OpenSSL name of a single suite, not a keyword (`HIGH`) or an operation (`!aNULL`, `A+B`). */
const SUITE_NAME = /^[A-Z0-9]+(?:-[A-Z0-9]+)+$/

/** A name that begins with an ephemeral key exchange and ends with authenticated encryption. */
const EPHEMERAL_AND_AEAD =
  /^(?:ECDHE|DHE)-(?:.+-)?(?:GCM-SHA256|GCM-SHA384|CCM8?|CHACHA20-POLY1305)$/

/**
 * Returns whether RFC 9113 appendix A prohibits a TLS 1.2 cipher suite for HTTP/2.
 *
 * The appendix lists all suites registered by 2015 without ephemeral key exchange, or with a null,
 * stream or block cipher of TLS 1.2 (that is, without AEAD). OpenSSL's names show both, so this
 * function uses a rule instead of a table. The same rule applies to suites registered later.
 *
 * @param name the suite's OpenSSL name, such as `ECDHE-RSA-AES128-GCM-SHA256`
 */
export function isProhibitedCipherSuite(name: string): boolean {
  return !EPHEMERAL_AND_AEAD.test(name)
}

/**
 * Checks a choice of cipher suites against RFC 9113 section 9.2.2 and completes it.
 *
 * @param names suites by their OpenSSL names in order of preference, of TLS 1.2 and TLS 1.3 in any
 *   mixture. A version without suites keeps its defaults, so a choice for TLS 1.2 doesn't affect
 *   TLS 1.3
 * @returns the suites of both versions, those of TLS 1.3 first
 * @throws TlsOptionError with code `TLS_CIPHER_PROHIBITED` for a suite of appendix A, and
 *   `TLS_CIPHER_UNUSABLE` for an empty choice, a suite that OpenSSL doesn't support, one that needs
 *   a pre-shared key, and for OpenSSL's keywords and operations, whose meaning depends on the build
 *   and can't be checked
 */
export function chooseCipherSuites(names: readonly string[]): readonly string[] {
  if (names.length === 0) {
    throw new TlsOptionError(
      'TLS_CIPHER_UNUSABLE',
      'The option "ciphers" is empty. Name at least one cipher suite, or leave it out for the defaults.',
    )
  }
  const tls13 = names.filter(isTls13CipherSuite)
  const tls12 = names.filter((name) => !isTls13CipherSuite(name))
  for (const name of tls12) checkTls12Suite(name)
  return [
    ...(tls13.length > 0 ? tls13 : TLS13_CIPHER_SUITES),
    ...(tls12.length > 0 ? tls12 : HTTP2_CIPHER_SUITES),
  ]
}

/** Returns whether a name is that of a TLS 1.3 cipher suite. */
export function isTls13CipherSuite(name: string): boolean {
  return KNOWN_TLS13.includes(name)
}

function checkTls12Suite(name: string): void {
  const example = `for example ${HTTP2_CIPHER_SUITES[0]}`
  if (!SUITE_NAME.test(name)) {
    throw new TlsOptionError(
      'TLS_CIPHER_UNUSABLE',
      `"ciphers" takes the OpenSSL names of single cipher suites, ${example}, but has ${JSON.stringify(name)}.`,
    )
  }
  if (isProhibitedCipherSuite(name)) {
    throw new TlsOptionError(
      'TLS_CIPHER_PROHIBITED',
      `HTTP/2 forbids the cipher suite ${name} (RFC 9113 appendix A). Use a suite with ECDHE or DHE and with GCM, CCM or ChaCha20-Poly1305, ${example}.`,
    )
  }
  if (name.includes('-PSK-')) {
    throw new TlsOptionError(
      'TLS_CIPHER_UNUSABLE',
      `The cipher suite ${name} needs a pre-shared key, but this context has a certificate. Name a suite with ECDSA or RSA, ${example}.`,
    )
  }
  try {
    createSecureContext({ ciphers: name })
  } catch (cause) {
    throw new TlsOptionError(
      'TLS_CIPHER_UNUSABLE',
      `This Node's OpenSSL has no cipher suite ${name}. "openssl ciphers -v" lists the usual ones, ${example}.`,
      { cause },
    )
  }
}
