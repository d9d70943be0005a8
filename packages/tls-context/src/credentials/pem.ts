/** PEM (RFC 7468), as text or as the octets of a file. */
export type PemText = string | Uint8Array

/** One PEM block, RFC 7468 section 2. */
export interface PemBlock {
  /** What its first line says it is, such as `CERTIFICATE`. */
  readonly label: string
  /** The whole block with both its lines of dashes, ending in a line feed. */
  readonly text: string
}

/** Finds all PEM blocks of a text. What stands around them (comments, a byte order mark) is left out. */
export function pemBlocks(pem: PemText): readonly PemBlock[] {
  const text = typeof pem === 'string' ? pem : new TextDecoder().decode(pem)
  const found = text.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----\r?\n[\s\S]*?-----END \1-----/g)
  return Array.from(found, ([block, label = '']) => ({ label, text: `${block}\n` }))
}

/** The labels OpenSSL reads certificates from, PEM_read_bio_X509(3). */
export function isCertificate({ label }: PemBlock): boolean {
  return /^(?:X509 |TRUSTED )?CERTIFICATE$/.test(label)
}

/** PKCS #8 (plain or encrypted) and the older forms for one algorithm, such as `EC PRIVATE KEY`. */
export function isPrivateKey({ label }: PemBlock): boolean {
  return label.endsWith('PRIVATE KEY')
}

/** Whether a private key's block needs a passphrase: by its label, or by RFC 1421's header. */
export function isEncrypted({ label, text }: PemBlock): boolean {
  return label === 'ENCRYPTED PRIVATE KEY' || /^Proc-Type:.*ENCRYPTED/m.test(text)
}
