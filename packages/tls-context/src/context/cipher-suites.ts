import { createSecureContext } from 'node:tls'
import { TlsOptionError } from '../errors'

/**
 * The TLS 1.2 cipher suites a context has by default, by their OpenSSL names, the server's
 * favourite first.
 *
 * All have an ephemeral key exchange and authenticated encryption, so none is in RFC 9113
 * appendix A. AES-128 comes first because section 9.2.2 requires it and it is the cheapest with
 * AES instructions; ChaCha20 serves clients that have none. Each stands there for both kinds of
 * certificate key.
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

/** The names OpenSSL knows; the last two are off unless they are asked for. */
const KNOWN_TLS13 = [...TLS13_CIPHER_SUITES, 'TLS_AES_128_CCM_SHA256', 'TLS_AES_128_CCM_8_SHA256']

/** One suite's OpenSSL name, and not a keyword (`HIGH`) or an operation (`!aNULL`, `A+B`). */
const SUITE_NAME = /^[A-Z0-9]+(?:-[A-Z0-9]+)+$/

/** Ephemeral key exchange at the beginning, authenticated encryption at the end of the name. */
const EPHEMERAL_AND_AEAD =
  /^(?:ECDHE|DHE)-(?:.+-)?(?:GCM-SHA256|GCM-SHA384|CCM8?|CHACHA20-POLY1305)$/

/**
 * Whether RFC 9113 appendix A forbids a TLS 1.2 cipher suite to HTTP/2.
 *
 * The appendix lists every suite registered by 2015 that lacks an ephemeral key exchange or
 * encrypts with the null, a stream or a block cipher of TLS 1.2 (that is, without AEAD). OpenSSL's
 * names tell both, so this is a rule and not a table; suites registered since then, which the
 * appendix couldn't list, are judged by the same rule.
 *
 * @param name the suite's OpenSSL name, such as `ECDHE-RSA-AES128-GCM-SHA256`
 */
export function isProhibitedCipherSuite(name: string): boolean {
  return !EPHEMERAL_AND_AEAD.test(name)
}

/**
 * Checks a choice of cipher suites against RFC 9113 section 9.2.2 and completes it.
 *
 * @param names suites by their OpenSSL names, the favourite first, of TLS 1.2 and TLS 1.3 in any
 *   mixture. If none is of one version, that version keeps its default suites: so a choice for
 *   TLS 1.2 leaves TLS 1.3 as it is.
 * @returns the suites of both versions, those of TLS 1.3 first
 * @throws TlsOptionError with code `TLS_CIPHER_PROHIBITED` for a suite of appendix A, and
 *   `TLS_CIPHER_UNUSABLE` for an empty choice, a suite that OpenSSL does not have, one that needs a
 *   pre-shared key, and for OpenSSL's keywords and operations, whose meaning depends on the
 *   build and so can't be checked
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

/** Whether a name is that of a TLS 1.3 cipher suite. */
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
      `HTTP/2 forbids the cipher suite ${name} (RFC 9113 appendix A). Permitted are suites with ECDHE or DHE and with GCM, CCM or ChaCha20-Poly1305, ${example}.`,
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
