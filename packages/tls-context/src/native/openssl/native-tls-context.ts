import { constants } from 'node:crypto'
import {
  type CheckedHttp2TlsOptions,
  CONTEXT_OPTIONS,
  checkHttp2TlsOptions,
  type Http2TlsContextOptions,
} from '../../context/tls-settings'
import { isPrivateKey, pemBlocks } from '../../credentials/pem'
import { checkOptionNames } from '../../options'
import { FreedError } from '../errors'
import type { Pointer } from '../foreign/bind'
import { callbackPointer } from '../foreign/callback-pointer'
import { libssl } from '../foreign/libssl'
import { acceptAnyCertificateCallback, selectH2Callback } from './callbacks'
import { clearErrorQueue, openSslError } from './error-queue'
import {
  SSL_CTRL_MODE,
  SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER,
  SSL_MODE_AUTO_RETRY,
  SSL_MODE_RELEASE_BUFFERS,
} from './modes'
import { withCertificate, withPrivateKey } from './pem'
import type { TlsObjects } from './tls-objects'

/** Options of {@link NativeTlsContext}. */
export interface NativeTlsContextOptions extends Http2TlsContextOptions {
  /**
   * The secret for session tickets, {@link TICKET_KEYS_OCTETS} random octets. Contexts of several
   * threads that share it can resume each other's sessions. Default: each context has its own.
   */
  readonly ticketKeys?: Uint8Array | undefined
  /** Records this context and its connections, so that they can be freed if the thread can't. */
  readonly objects?: TlsObjects | undefined
}

/**
 * The length of {@link NativeTlsContextOptions.ticketKeys}: a name of 16 octets, and two keys of
 * 32.
 */
export const TICKET_KEYS_OCTETS = 80

// Numbers of openssl/ssl.h that are part of OpenSSL's ABI.
const SSL_CTRL_CHAIN_CERT = 89
const SSL_CTRL_SET_SESS_CACHE_MODE = 44
const SSL_CTRL_SET_TLSEXT_TICKET_KEYS = 59
const SSL_CTRL_SET_DH_AUTO = 118
const SSL_CTRL_SET_MIN_PROTO_VERSION = 123
const SSL_CTRL_SET_MAX_PROTO_VERSION = 124
const SSL_SESS_CACHE_OFF = 0
const SSL_VERIFY_NONE = 0
const SSL_VERIFY_PEER = 1
const SSL_VERIFY_FAIL_IF_NO_PEER_CERT = 2

const SSL_OP_NO_RENEGOTIATION = constants.SSL_OP_NO_RENEGOTIATION ?? 0x4000_0000
/** Treats a missing close_notify as a normal end: HTTP/2 frames show whether data is missing. */
const SSL_OP_IGNORE_UNEXPECTED_EOF = 0x80

const VERSION_NUMBERS = { 'TLSv1.2': 0x0303, 'TLSv1.3': 0x0304 } as const

/** Sessions are bound to this value. Required for resumption with client certificates. */
const SESSION_ID_CONTEXT = Buffer.from('h2lab')

/**
 * TLS for an HTTP/2 server directly on OpenSSL, equivalent to `createHttp2TlsContext`.
 *
 * A context and its connections belong to the thread that created it: OpenSSL calls back into that
 * thread. Each thread of a server creates its own, with shared `ticketKeys`.
 *
 * Creating one takes some milliseconds. Call {@link free} when no more connections will be created.
 */
export class NativeTlsContext {
  /** From the options. */
  readonly objects: TlsObjects | undefined
  #pointer: Pointer | null
  #place: number | undefined

  /**
   * @param options PEM text and optional settings. Read files with `readTlsCredentials` first
   * @throws TlsCredentialsError if the certificate, the key or the authorities are unusable
   * @throws TlsOptionError if an option does not exist or its value is invalid
   * @throws RangeError if `ticketKeys` has the wrong length
   * @throws OpenSslError with the text of OpenSSL's error queue if it refuses for another reason
   * @throws NativeUnavailableError if OpenSSL can't be called here
   */
  constructor(options: NativeTlsContextOptions) {
    const settings = checkOptions(options)
    clearErrorQueue()
    const pointer = libssl().SSL_CTX_new(libssl().TLS_server_method())
    if (pointer === null) throw openSslError('SSL_CTX_new')
    try {
      configure(pointer, settings)
    } catch (error) {
      libssl().SSL_CTX_free(pointer)
      throw error
    }
    this.#pointer = pointer
    this.objects = options.objects
    this.#place = this.objects?.add('context', pointer)
  }

  /** The `SSL_CTX *`. @throws FreedError */
  get pointer(): Pointer {
    if (this.#pointer === null) throw new FreedError('The TLS context')
    return this.#pointer
  }

  /** Frees the context. Its connections continue. May be called repeatedly. */
  free(): void {
    if (this.#pointer === null) return
    this.objects?.remove(this.#place)
    libssl().SSL_CTX_free(this.#pointer)
    this.#pointer = null
  }
}

interface Settings extends CheckedHttp2TlsOptions {
  readonly ticketKeys: Uint8Array | undefined
}

function checkOptions(options: NativeTlsContextOptions): Settings {
  checkOptionNames(options, { ...CONTEXT_OPTIONS, ticketKeys: true, objects: true })
  const { ticketKeys } = options
  if (ticketKeys !== undefined && ticketKeys.length !== TICKET_KEYS_OCTETS) {
    throw new RangeError(
      `The option ticketKeys must have ${TICKET_KEYS_OCTETS} octets, not ${ticketKeys.length}.`,
    )
  }
  return { ...checkHttp2TlsOptions(options), ticketKeys }
}

function configure(context: Pointer, settings: Settings): void {
  setVersions(context, settings)
  setCipherSuites(context, settings.suites)
  setCredentials(context, settings)
  setClientCertificates(context, settings.clients)
  setSessions(context, settings.ticketKeys)
  const options =
    constants.SSL_OP_NO_COMPRESSION |
    constants.SSL_OP_CIPHER_SERVER_PREFERENCE |
    SSL_OP_NO_RENEGOTIATION |
    SSL_OP_IGNORE_UNEXPECTED_EOF
  libssl().SSL_CTX_set_options(context, options >>> 0)
  const modes = SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_AUTO_RETRY | SSL_MODE_RELEASE_BUFFERS
  libssl().SSL_CTX_ctrl(context, SSL_CTRL_MODE, modes, null)
  libssl().SSL_CTX_set_alpn_select_cb(context, callbackPointer(selectH2Callback), null)
}

function setVersions(context: Pointer, { minVersion, maxVersion }: Settings): void {
  control(context, SSL_CTRL_SET_MIN_PROTO_VERSION, VERSION_NUMBERS[minVersion])
  if (maxVersion !== undefined) {
    control(context, SSL_CTRL_SET_MAX_PROTO_VERSION, VERSION_NUMBERS[maxVersion])
  }
}

function setCipherSuites(context: Pointer, suites: readonly string[]): void {
  const tls13 = suites.filter((name) => name.startsWith('TLS_'))
  const tls12 = suites.filter((name) => !name.startsWith('TLS_'))
  succeed('SSL_CTX_set_ciphersuites', libssl().SSL_CTX_set_ciphersuites(context, tls13.join(':')))
  succeed('SSL_CTX_set_cipher_list', libssl().SSL_CTX_set_cipher_list(context, tls12.join(':')))
  // Without parameters, OpenSSL silently skips DHE suites. Its own match the certificate's key.
  if (tls12.some((name) => name.startsWith('DHE-'))) control(context, SSL_CTRL_SET_DH_AUTO, 1)
}

function setCredentials(context: Pointer, { cert, key }: Settings): void {
  const [first, ...others] = pemBlocks(cert)
  withCertificate(first!, (certificate) => {
    succeed('SSL_CTX_use_certificate', libssl().SSL_CTX_use_certificate(context, certificate))
  })
  for (const block of others) {
    // This increments the reference count, so our reference can be freed
    // (SSL_CTX_add1_chain_cert(3)).
    withCertificate(block, (certificate) => control(context, SSL_CTRL_CHAIN_CERT, 1, certificate))
  }
  withPrivateKey(pemBlocks(key).find(isPrivateKey)!, (privateKey) => {
    succeed('SSL_CTX_use_PrivateKey', libssl().SSL_CTX_use_PrivateKey(context, privateKey))
  })
}

function setClientCertificates(context: Pointer, clients: CheckedHttp2TlsOptions['clients']): void {
  if (clients === undefined) {
    libssl().SSL_CTX_set_verify(context, SSL_VERIFY_NONE, null)
    return
  }
  const store = libssl().SSL_CTX_get_cert_store(context)
  for (const block of pemBlocks(clients.ca)) {
    withCertificate(block, (certificate) => {
      succeed('X509_STORE_add_cert', libssl().X509_STORE_add_cert(store, certificate))
      succeed('SSL_CTX_add_client_CA', libssl().SSL_CTX_add_client_CA(context, certificate))
    })
  }
  if (clients.mode === 'require') {
    const mode = SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT
    libssl().SSL_CTX_set_verify(context, mode, null)
  } else {
    const callback = callbackPointer(acceptAnyCertificateCallback)
    libssl().SSL_CTX_set_verify(context, SSL_VERIFY_PEER, callback)
  }
}

/**
 * Tickets only, as in `node:tls`: the client stores its session, and the server needs no memory for
 * it.
 */
function setSessions(context: Pointer, ticketKeys: Uint8Array | undefined): void {
  libssl().SSL_CTX_ctrl(context, SSL_CTRL_SET_SESS_CACHE_MODE, SSL_SESS_CACHE_OFF, null)
  succeed(
    'SSL_CTX_set_session_id_context',
    libssl().SSL_CTX_set_session_id_context(context, SESSION_ID_CONTEXT, SESSION_ID_CONTEXT.length),
  )
  if (ticketKeys !== undefined) {
    control(context, SSL_CTRL_SET_TLSEXT_TICKET_KEYS, TICKET_KEYS_OCTETS, ticketKeys)
  }
}

function control(
  context: Pointer,
  command: number,
  value: number,
  pointer: Pointer | Uint8Array | null = null,
): void {
  succeed(`SSL_CTX_ctrl ${command}`, libssl().SSL_CTX_ctrl(context, command, value, pointer))
}

function succeed(call: string, result: number): void {
  if (result <= 0) throw openSslError(call)
}
