export {
  FreedError,
  NativeUnavailableError,
  OpenSslError,
  SocketAddressError,
  SocketTimeoutError,
  SystemCallError,
  TlsConnectionError,
} from './errors'
export { ADDRESS_OCTETS, addressOf, readAddress, writeAddress } from './foreign/addresses'
export {
  type Address,
  type BindOptions,
  type Bound,
  bindLazily,
  type Pointer,
  type Signature,
  type Signatures,
  toAddress,
} from './foreign/bind'
export { callbackPointer } from './foreign/callback-pointer'
export type { KoffiSystems } from './foreign/koffi'
export { NativeOctets } from './foreign/native-octets'
export { acceptAnyCertificateCallback, selectH2Callback } from './openssl/callbacks'
export { DescriptorTlsConnection } from './openssl/descriptor-tls-connection'
export { MemoryTlsConnection } from './openssl/memory-tls-connection'
export {
  NativeTlsContext,
  type NativeTlsContextOptions,
  TICKET_KEYS_OCTETS,
} from './openssl/native-tls-context'
export { type SharedTls, sharedTlsContext, shareTls } from './openssl/shared-tls'
export {
  HANDSHAKE_DONE,
  TlsConnection,
  WANT_READ,
  WANT_WRITE,
  type Want,
} from './openssl/tls-connection'
export { TlsObjects } from './openssl/tls-objects'
export {
  decodeAddress,
  formatAddress,
  localAddress,
  peerAddress,
  SOCKET_ADDRESS_OCTETS,
  type SocketAddress,
} from './sockets/address'
export { EPOLL_EDGE_TRIGGERED, EpollSet } from './sockets/epoll'
export { clearEvent, createEventDescriptor, signalEvent } from './sockets/event-descriptor'
export {
  type Listeners,
  type OpenListenersOptions,
  openListeners,
} from './sockets/open-listeners'
export {
  POLL_ERROR,
  POLL_HANG_UP,
  POLL_IN,
  POLL_INVALID,
  POLL_OUT,
  POLL_PEER_CLOSED,
  PollSet,
  waitForDescriptor,
} from './sockets/poll'
export { sleep } from './sockets/sleep'
export {
  acceptClient,
  type Blocking,
  bindSocket,
  closeDescriptor,
  connectSocket,
  createSocket,
  type ListenOptions,
  listenOn,
  listenSocket,
  type ShutdownDirection,
  shutdownSocket,
} from './sockets/socket'
export {
  pendingError,
  setBlocking,
  setKeepAlive,
  setNoDelay,
  setReceiveTimeout,
  setReuseAddress,
  setReusePort,
  setSendTimeout,
} from './sockets/socket-options'
export { WOULD_BLOCK } from './sockets/system-call'
export { readSocket, writeSocket, writeSocketAtOnce } from './sockets/transfer'
export { maybeAddTls } from './stream/maybe-add-tls'
export type { OctetStream } from './stream/octet-stream'
export { PlainStream } from './stream/plain-stream'
export { type TlsHandshakeOptions, TlsStream, wrapToTls } from './stream/tls-stream'
export { NATIVE_ERRORS } from './thread-errors'
