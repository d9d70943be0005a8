import { generate } from 'selfsigned'
import type { CheckedTlsCredentials } from '../../src'

const DAY_MS = 24 * 60 * 60 * 1000

interface Wanted {
  readonly keyType?: 'ec' | 'rsa'
  /** Of an RSA key. */
  readonly bits?: number
  /** From now; negative for an expired certificate. */
  readonly daysLeft?: number
  readonly commonName?: string
  readonly passphrase?: string
}

/** A real self-signed certificate and its key. */
export async function makeCredentials(wanted: Wanted = {}): Promise<CheckedTlsCredentials> {
  const { keyType = 'ec', bits = 2048, daysLeft = 100, commonName = 'localhost' } = wanted
  const made = await generate([{ name: 'commonName', value: commonName }], {
    keyType,
    keySize: bits,
    algorithm: 'sha256',
    notBeforeDate: new Date(Date.now() - 300 * DAY_MS),
    notAfterDate: new Date(Date.now() + daysLeft * DAY_MS),
    ...(wanted.passphrase === undefined ? {} : { passphrase: wanted.passphrase }),
  })
  return { cert: made.cert, key: made.private }
}
