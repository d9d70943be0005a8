import type { PemBlock } from '../../credentials/pem'
import { type Pointer, toAddress } from '../foreign/bind'
import { libssl } from '../foreign/libssl'
import { openSslError } from './error-queue'

/** Calls `use` with a certificate (`X509 *`) that is freed afterwards. @throws OpenSslError */
export function withCertificate(block: PemBlock, use: (certificate: Pointer) => void): void {
  const certificate = readPem('PEM_read_bio_X509', block)
  try {
    use(certificate)
  } finally {
    libssl().X509_free(certificate)
  }
}

/** Calls `use` with a private key (`EVP_PKEY *`) that is freed afterwards. @throws OpenSslError */
export function withPrivateKey(block: PemBlock, use: (key: Pointer) => void): void {
  const key = readPem('PEM_read_bio_PrivateKey', block)
  try {
    use(key)
  } finally {
    libssl().EVP_PKEY_free(key)
  }
}

/** Returns a certificate (`X509 *`) as PEM. @throws OpenSslError */
export function certificateText(certificate: Pointer): string {
  const bio = libssl().BIO_new(libssl().BIO_s_mem())
  if (bio === null) throw openSslError('BIO_new')
  try {
    if (libssl().PEM_write_bio_X509(bio, certificate) !== 1)
      throw openSslError('PEM_write_bio_X509')
    const address = toAddress(bio)
    const text = Buffer.alloc(libssl().BIO_ctrl_pending(address))
    libssl().BIO_read(address, text, text.length)
    return text.toString('latin1')
  } finally {
    libssl().BIO_free(bio)
  }
}

function readPem(call: 'PEM_read_bio_X509' | 'PEM_read_bio_PrivateKey', block: PemBlock): Pointer {
  const text = Buffer.from(block.text)
  const bio = libssl().BIO_new_mem_buf(text, text.length)
  if (bio === null) throw openSslError('BIO_new_mem_buf')
  try {
    const read = libssl()[call](bio, null, null, null)
    if (read === null) throw openSslError(call)
    return read
  } finally {
    libssl().BIO_free(bio)
  }
}
