import { X509Certificate } from 'node:crypto'
import { checkPemCredentials } from '../credentials/check-credentials'
import type { CheckedTlsCredentials } from '../credentials/credential-types'

const DAY_MS = 24 * 60 * 60 * 1000

/**
 * How many days a development certificate is valid. Apple's clients refuse server certificates
 * of more than 825 days, even those the user trusts; and since it renews itself, a life longer
 * than a year would gain nothing.
 */
export const VALID_DAYS = 365

/**
 * With fewer days left than this a certificate is renewed at the next start. It is longer than
 * a development server usually runs, so none ends while it is served.
 */
export const RENEWAL_DAYS = 30

/** It begins a day in the past: clocks of containers and virtual machines run behind at times. */
const BACKDATED_DAYS = 1

/** The names and addresses of this machine as seen from itself. */
const LOOPBACK_NAMES = [
  { type: 2, value: 'localhost' },
  { type: 7, ip: '127.0.0.1' },
  { type: 7, ip: '::1' },
] as const

/**
 * Makes a self-signed P-256 certificate for localhost, 127.0.0.1 and ::1.
 *
 * P-256 since every client has it and signing costs a fraction of RSA's. It isn't an authority:
 * whoever comes to trust it trusts these three names only.
 */
export async function makeDevCertificate(): Promise<CheckedTlsCredentials> {
  // Loaded when it is needed: it brings a whole ASN.1 library with it.
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

/** Whether a certificate has begun and has at least {@link RENEWAL_DAYS} days left. */
export function isFresh({ cert }: CheckedTlsCredentials): boolean {
  const { validFrom, validTo } = new X509Certificate(cert)
  const now = Date.now()
  return Date.parse(validFrom) <= now && Date.parse(validTo) - now >= RENEWAL_DAYS * DAY_MS
}
