import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { createSecureContext } from 'node:tls'
import { TlsCredentialsError } from '../errors'
import type { CheckedTlsCredentials, PemTlsCredentials } from './credential-types'
import {
  isCertificate,
  isEncrypted,
  isPrivateKey,
  type PemBlock,
  type PemText,
  pemBlocks,
} from './pem'

/** The names of the two parts in messages. */
export interface NamedSources {
  readonly cert: string
  readonly key: string
}

const GIVEN_TEXT: NamedSources = {
  cert: 'the given certificate text',
  key: 'the given private key text',
}

/**
 * Checks that PEM text is a certificate and its private key, and decrypts an encrypted key.
 *
 * @param credentials PEM text
 * @param sources the names of the texts in messages
 * @throws TlsCredentialsError
 */
export function checkPemCredentials(
  credentials: PemTlsCredentials,
  sources: NamedSources = GIVEN_TEXT,
): CheckedTlsCredentials {
  const certificateBlocks = findCertificates(credentials.cert, sources.cert)
  const certificates = certificateBlocks.map((block) => parseCertificate(block, sources.cert))
  const keyBlock = findPrivateKey(credentials.key, sources.key)
  const privateKey = parsePrivateKey(keyBlock, credentials.passphrase, sources.key)
  checkMatch(certificates, privateKey, sources)

  const checked = {
    cert: joinBlocks(certificateBlocks),
    key: isEncrypted(keyBlock) ? exportPrivateKey(privateKey) : keyBlock.text,
  }
  checkAccepted(checked, sources)
  return checked
}

/**
 * Checks that PEM text is one or more certificates.
 *
 * @returns their PEM blocks
 * @throws TlsCredentialsError
 */
export function checkCertificateAuthorities(ca: PemText): string {
  const source = 'the given text of certificate authorities'
  const blocks = findCertificates(ca, source)
  for (const block of blocks) parseCertificate(block, source)
  return joinBlocks(blocks)
}

function findCertificates(pem: PemText, source: string): readonly PemBlock[] {
  const blocks = pemBlocks(pem)
  const certificates = blocks.filter(isCertificate)
  if (certificates.length === 0) throw notPem(source, 'CERTIFICATE', blocks)
  return certificates
}

function findPrivateKey(pem: PemText, source: string): PemBlock {
  const blocks = pemBlocks(pem)
  const privateKey = blocks.find(isPrivateKey)
  if (privateKey === undefined) throw notPem(source, 'PRIVATE KEY', blocks)
  return privateKey
}

function notPem(source: string, wanted: string, found: readonly PemBlock[]): TlsCredentialsError {
  const labels = found.map(({ label }) => label).join(', ')
  const instead = found.length === 0 ? 'contains no complete PEM block' : `contains only: ${labels}`
  return new TlsCredentialsError(
    'TLS_NOT_PEM',
    `${capitalize(source)} ${instead}. It must contain a block that begins with "-----BEGIN ${wanted}-----".`,
  )
}

function parseCertificate(block: PemBlock, source: string): X509Certificate {
  try {
    return new X509Certificate(block.text)
  } catch (cause) {
    throw new TlsCredentialsError(
      'TLS_CERTIFICATE_INVALID',
      `${capitalize(source)} contains a PEM block that isn't an X.509 certificate: it is damaged or cut off. Check it with "openssl x509 -text".`,
      { cause },
    )
  }
}

function parsePrivateKey(
  block: PemBlock,
  passphrase: string | undefined,
  source: string,
): KeyObject {
  if (isEncrypted(block)) return openPrivateKey(block, passphrase, source)
  try {
    return createPrivateKey(block.text)
  } catch (cause) {
    throw new TlsCredentialsError(
      'TLS_KEY_INVALID',
      `${capitalize(source)} contains a PEM block that isn't a private key: it is damaged or cut off. Check it with "openssl pkey -text".`,
      { cause },
    )
  }
}

function openPrivateKey(
  block: PemBlock,
  passphrase: string | undefined,
  source: string,
): KeyObject {
  if (passphrase === undefined) {
    throw new TlsCredentialsError(
      'TLS_PASSPHRASE_REQUIRED',
      `${capitalize(source)} is encrypted. Give its passphrase, or a key that isn't encrypted.`,
    )
  }
  try {
    return createPrivateKey({ key: block.text, passphrase })
  } catch (cause) {
    throw new TlsCredentialsError(
      'TLS_PASSPHRASE_WRONG',
      `The given passphrase doesn't decrypt ${source}. Give the one with which the key was encrypted.`,
      { cause },
    )
  }
}

function checkMatch(
  certificates: readonly X509Certificate[],
  privateKey: KeyObject,
  sources: NamedSources,
): void {
  const matching = certificates.findIndex((certificate) => certificate.checkPrivateKey(privateKey))
  if (matching === 0) return
  const advice =
    matching < 0
      ? 'Give the key that belongs to the certificate.'
      : `It belongs to certificate ${matching + 1} there; the server's own must come first, followed by intermediate ones.`
  throw new TlsCredentialsError(
    'TLS_KEY_MISMATCH',
    `The private key in ${sources.key} doesn't belong to the first certificate in ${sources.cert}. ${advice}`,
  )
}

/** OpenSSL has additional rules, such as the minimum key length of its security level. */
function checkAccepted(checked: CheckedTlsCredentials, sources: NamedSources): void {
  try {
    createSecureContext(checked)
  } catch (cause) {
    throw new TlsCredentialsError(
      'TLS_CREDENTIALS_REFUSED',
      `OpenSSL refuses ${sources.cert} with ${sources.key}: ${(cause as Error).message}. An RSA key of 2048 bits or a P-256 key would do.`,
      { cause },
    )
  }
}

function exportPrivateKey(privateKey: KeyObject): string {
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
}

function joinBlocks(blocks: readonly PemBlock[]): string {
  return blocks.map(({ text }) => text).join('')
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
