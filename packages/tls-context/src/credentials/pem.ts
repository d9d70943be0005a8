/** PEM (RFC 7468), as text or as the content of a file. */
export type PemText = string | Uint8Array

/** One PEM block, RFC 7468 section 2. */
export interface PemBlock {
  /** The label in the first line, such as `CERTIFICATE`. */
  readonly label: string
  /** The whole block including both lines of dashes, with a line feed at the end. */
  readonly text: string
}

/**
 * Finds all PEM blocks of a text. Other text, such as comments or a byte order mark, is skipped.
 */
export function pemBlocks(pem: PemText): readonly PemBlock[] {
  const text = typeof pem === 'string' ? pem : new TextDecoder().decode(pem)
  const found = text.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----\r?\n[\s\S]*?-----END \1-----/g)
  return Array.from(found, ([block, label = '']) => ({ label, text: `${block}\n` }))
}

/** The labels from which OpenSSL reads certificates, PEM_read_bio_X509(3). */
export function isCertificate({ label }: PemBlock): boolean {
  return /^(?:X509 |TRUSTED )?CERTIFICATE$/.test(label)
}

/**
 * PKCS #8 (plain or encrypted), and the older algorithm-specific formats such as `EC PRIVATE KEY`.
 */
export function isPrivateKey({ label }: PemBlock): boolean {
  return label.endsWith('PRIVATE KEY')
}

/**
 * Returns whether a private key's block needs a passphrase, according to its label or the header of
 * RFC 1421.
 */
export function isEncrypted({ label, text }: PemBlock): boolean {
  return label === 'ENCRYPTED PRIVATE KEY' || /^Proc-Type:.*ENCRYPTED/m.test(text)
}
