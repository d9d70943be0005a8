import { X509Certificate } from 'node:crypto'
import { checkPemCredentials } from '../credentials/check-credentials'
import type { CheckedTlsCredentials } from '../credentials/credential-types'

const DAY_MS = 24 * 60 * 60 * 1000

/**
 * How many days a development certificate is valid. Apple's clients refuse server certificates
 * valid for more than 825 days, even trusted ones. Certificates are renewed automatically, so there
 * is no need for more than a year.
 */
export const VALID_DAYS = 365

/**
 * A certificate with fewer days left is renewed at the next start. This is longer than a
 * development server usually runs, so a certificate doesn't expire while it is in use.
 */
export const RENEWAL_DAYS = 30

/**
 * The certificate is valid from a day ago, because clocks of containers and virtual machines may be
 * slow.
 */
const BACKDATED_DAYS = 1

/** The loopback names and addresses of this machine. */
const LOOPBACK_NAMES = [
  { type: 2, value: 'localhost' },
  { type: 7, ip: '127.0.0.1' },
  { type: 7, ip: '::1' },
] as const

/**
 * Creates a self-signed P-256 certificate for localhost, 127.0.0.1 and ::1.
 *
 * All clients support P-256, and signing costs a fraction of RSA's. The certificate is not an
 * authority: trusting it means trusting only these three names.
 */
export async function makeDevCertificate(): Promise<CheckedTlsCredentials> {
  // Loaded on demand, because it includes a whole ASN.1 library.
  const { generate } = await import('selfsigned')
  const now = Date.now()
  const made = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notBeforeDate: new Date(now - BACKDATED_DAYS * DAY_MS),
    notAfterDate: new Date(now + VALID_DAYS * DAY_MS),
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames: [...LOOPBACK_NAMES] },
    ],
  })
  return checkPemCredentials({ cert: made.cert, key: made.private })
}

/**
 * Returns whether a certificate is valid already and for at least {@link RENEWAL_DAYS} more days.
 */
export function isFresh({ cert }: CheckedTlsCredentials): boolean {
  const { validFrom, validTo } = new X509Certificate(cert)
  const now = Date.now()
  return Date.parse(validFrom) <= now && Date.parse(validTo) - now >= RENEWAL_DAYS * DAY_MS
}
