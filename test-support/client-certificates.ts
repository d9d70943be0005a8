import { generate } from 'selfsigned'

/** A certificate with its private key, as PEM. */
export interface Certificate {
  readonly cert: string
  readonly key: string
}

/** A certificate authority and a client certificate that it issued. */
export interface Authority {
  readonly ca: string
  readonly client: Certificate
}

/** Creates a new authority. It does not trust the clients of any other. */
export async function makeAuthority(commonName = 'an authority'): Promise<Authority> {
  const made = await generate([{ name: 'commonName', value: commonName }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, critical: true },
    ],
    clientCertificate: { cn: 'a client', keyType: 'ec', algorithm: 'sha256' },
  })
  return { ca: made.cert, client: { cert: made.clientcert!, key: made.clientprivate! } }
}
