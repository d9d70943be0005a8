import { defineDocumentedCallback } from '@h2lab/octets'
import { selectH2 } from '../../context/select-h2'
import type { Pointer } from '../foreign/bind'
import { loadKoffi } from '../foreign/koffi'

/** Results of an ALPN callback, SSL_CTX_set_alpn_select_cb(3). */
const SSL_TLSEXT_ERR_OK = 0
const SSL_TLSEXT_ERR_ALERT_FATAL = 2

/** OpenSSL calls it to select a protocol from a ClientHello's ALPN extension. */
export const selectH2Callback = defineDocumentedCallback({
  name: 'selectH2',
  text: 'Chooses `h2` from the application protocols that a client offers (RFC 7301), or ends the handshake with the alert `no_application_protocol`.',
  parameters: [
    { name: 'ssl', type: 'void *', text: 'the connection (`SSL *`); not used' },
    { name: 'out', type: 'void *', text: 'gets the address of the chosen name, inside `in`' },
    { name: 'outlen', type: 'void *', text: 'gets the length of the chosen name in octets' },
    { name: 'in', type: 'void *', text: 'the names offered, each after an octet with its length' },
    { name: 'inlen', type: 'unsigned int', text: 'the length of `in` in octets' },
    { name: 'arg', type: 'void *', text: 'NULL; not used' },
  ],
  result: {
    type: 'int',
    text: '`SSL_TLSEXT_ERR_OK` (0), or `SSL_TLSEXT_ERR_ALERT_FATAL` (2) if `h2` is not offered',
  },
  callback(
    _ssl: Pointer,
    out: Pointer,
    outLength: Pointer,
    offered: Pointer,
    offeredLength: number,
    _argument: Pointer | null,
  ): number {
    const koffi = loadKoffi()
    const names = parseProtocolNames(koffi.decode(offered, 'uint8_t', offeredLength))
    const chosen = selectH2(names.map(({ name }) => name))
    const found = names.find(({ name }) => name === chosen)
    if (found === undefined) return SSL_TLSEXT_ERR_ALERT_FATAL
    koffi.encode(out, 'void *', offered + BigInt(found.offset))
    koffi.encode(outLength, 'uint8_t', found.name.length)
    return SSL_TLSEXT_ERR_OK
  },
})

/** OpenSSL calls it to decide whether to accept a client's certificate. */
export const acceptAnyCertificateCallback = defineDocumentedCallback({
  name: 'acceptAnyCertificate',
  text: 'Accepts every client certificate (SSL_CTX_set_verify(3)). The verify result records whether the authorities signed it, for the application to check.',
  parameters: [
    { name: 'preverify_ok', type: 'int', text: '1 if the authorities have signed the certificate' },
    { name: 'x509_ctx', type: 'void *', text: 'the check (`X509_STORE_CTX *`); not used' },
  ],
  result: { type: 'int', text: '1: the handshake continues' },
  callback(_verified: number, _check: Pointer): number {
    return 1
  },
})

interface ProtocolName {
  readonly name: string
  /** Offset in the list. */
  readonly offset: number
}

/** Parses the list of RFC 7301 section 3.1. OpenSSL has checked that the lengths are consistent. */
export function parseProtocolNames(list: Uint8Array): readonly ProtocolName[] {
  const names: ProtocolName[] = []
  let offset = 0
  while (offset < list.length) {
    const length = list[offset] as number
    const octets = list.subarray(offset + 1, offset + 1 + length)
    names.push({ name: String.fromCharCode(...octets), offset: offset + 1 })
    offset += 1 + length
  }
  return names
}
