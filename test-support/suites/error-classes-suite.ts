import { ClientPrefaceMismatchError, ConnectionError, MisuseError } from '@h2lab/mini-http2'
import { ClientRefusedError, type DispatchMethod } from '@h2lab/mini-http2/server'
import { SystemCallError, TlsConnectionError } from '@h2lab/tls-context/native'
import { describe, expect, test, vi } from 'vitest'
import { requestWithNode } from '../clients/node-client'
import { rawClient, tcpSocket } from '../clients/raw-client'
import { eventually } from '../eventually'
import { type ServerStarter, serverStarter, type TestedServer } from '../server-starter'

const FAULTY = new URL('../apps/faulty.mjs', import.meta.url)

/**
 * Errors from a server's thread keep their class. For dispatch methods whose loop runs in a thread and calls sockets
 * and OpenSSL itself.
 */
export function describeErrorClasses(
  method: DispatchMethod<string>,
  clients: ServerStarter['clients'] = 'many',
): void {
  const plain = serverStarter(method, { protocol: 'http2', tls: false, clients })
  const secure = serverStarter(method, { protocol: 'http2', tls: true, clients })

  describe(`errors from the thread of ${method.name}`, () => {
    test('a reset is a SystemCallError with number and call', async () => {
      const server = await plain.start({ app: { module: FAULTY } })
      const client = await rawClient(server.url)
      client.request(1, '/silent')
      client.request()
      await eventually(() => expect(client.responses).toHaveLength(1))
      client.socket.resetAndDestroy()
      const error = await faultOf(server)
      expect(error).toBeInstanceOf(SystemCallError)
      expect(error).toMatchObject({ name: 'SystemCallError', code: 'ECONNRESET', errno: 104 })
      expect(error).toHaveProperty('syscall', 'recv')
      // The stack is that of the thread that threw.
      expect(error.stack).toMatch(/-thread\.js|serveClient/)
    })

    test('a failed handshake is a TlsConnectionError', async () => {
      const server = await secure.start()
      const socket = await tcpSocket(server.url)
      socket.write('GET / HTTP/1.1\r\n\r\n')
      const error = await faultOf(server)
      expect(error).toBeInstanceOf(TlsConnectionError)
      expect(error).toMatchObject({ name: 'TlsConnectionError', code: 'ERR_SSL_HTTP_REQUEST' })
    })

    test('a client that is silent in its handshake is a TlsConnectionError', async () => {
      const server = await secure.start({ limits: { prefaceTimeout: 100 } })
      await tcpSocket(server.url)
      const error = await faultOf(server)
      expect(error).toBeInstanceOf(TlsConnectionError)
      expect(error).toHaveProperty('code', 'ERR_TLS_HANDSHAKE_TIMEOUT')
    })

    test('another protocol is a ClientPrefaceMismatchError with the octets, and a ConnectionError', async () => {
      const server = await plain.start()
      const client = await rawClient(server.url)
      client.send('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
      const error = await faultOf(server)
      expect(error).toBeInstanceOf(ConnectionError)
      expect(error).toBeInstanceOf(ClientPrefaceMismatchError)
      const { octets } = error as ClientPrefaceMismatchError
      expect(Buffer.from(octets).toString()).toBe('GET / HTTP/1.1\r\nHost: lo')
    })

    test('what a handler got wrong is a MisuseError', async () => {
      expect(await handlerError('/misuse')).toBeInstanceOf(MisuseError)
    })

    test('what a handler throws keeps its cause, with class and properties', async () => {
      const error = await handlerError('/cause')
      expect(error).toBeInstanceOf(RangeError)
      const { cause } = error as RangeError
      expect(cause).toBeInstanceOf(TypeError)
      expect(cause).toMatchObject({ message: 'below', code: 'ERR_BELOW', depth: 2 })
      expect((cause as TypeError).stack).toContain('faulty.mjs')
    })

    if (clients === 'one') return

    test('a client too many is a ClientRefusedError', async () => {
      const server = await plain.start({ maxClients: 1 })
      const first = await rawClient(server.url)
      first.request()
      await eventually(() => expect(first.responses).toHaveLength(1))
      await tcpSocket(server.url)
      const error = await faultOf(server)
      expect(error).toBeInstanceOf(ClientRefusedError)
      expect(error).toHaveProperty('code', 'TOO_MANY_CLIENTS')
    })
  })

  async function handlerError(path: string): Promise<unknown> {
    const onHandlerError = vi.fn()
    const { url } = await plain.start({ app: { module: FAULTY }, onHandlerError })
    await requestWithNode(url, [{ ':path': path }])
    await eventually(() => expect(onHandlerError).toHaveBeenCalledTimes(1))
    return onHandlerError.mock.calls[0]![0]
  }
}

/** The error of the only fault that a server reports. */
export async function faultOf({ faults }: TestedServer): Promise<Error> {
  await eventually(() => expect(faults).toHaveLength(1))
  return faults[0]!.error
}
