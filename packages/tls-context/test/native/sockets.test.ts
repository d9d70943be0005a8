import { spawnSync } from 'node:child_process'
import { readlinkSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import { describe, expect, test } from 'vitest'
import { runProgram } from '../../../../test-support/run-program'
import {
  acceptClient,
  closeDescriptor,
  connectSocket,
  createSocket,
  decodeAddress,
  formatAddress,
  listenOn,
  localAddress,
  POLL_OUT,
  peerAddress,
  pendingError,
  readSocket,
  SOCKET_ADDRESS_OCTETS,
  SocketAddressError,
  SystemCallError,
  setBlocking,
  setKeepAlive,
  setNoDelay,
  setReceiveTimeout,
  setSendTimeout,
  shutdownSocket,
  WOULD_BLOCK,
  waitForDescriptor,
  writeSocket,
} from '../../src/native'
import { libc } from '../../src/native/foreign/libc'
import {
  accept,
  closeLater,
  connectedPair,
  expectNoDescriptorLeft,
  LOOPBACK,
  listen,
  openDescriptors,
} from './support/descriptors'
import { faultOf } from './support/fault-of'
import { inThread } from './support/in-thread'

const LARGE = Buffer.alloc(8 * 1024 * 1024, 'octets')
const hasIpv6 = Object.values(networkInterfaces()).some((all) =>
  all?.some(({ address }) => address === '::1'),
)

expectNoDescriptorLeft()

describe('listening', () => {
  test('on port 0 is on a free port, which localAddress tells', () => {
    const first = listen()
    const second = listen()
    expect(first.port).toBeGreaterThan(0)
    expect(second.port).not.toBe(first.port)
    expect(localAddress(first.listener)).toEqual({ address: '127.0.0.1', port: first.port })
  })

  test.skipIf(!hasIpv6)('works with IPv6 (skipped where ::1 is missing)', () => {
    const listener = closeLater(listenOn({ address: '::1', port: 0 }))
    const address = localAddress(listener)
    expect(address.address).toBe('::1')
    expect(formatAddress(address)).toBe(`[::1]:${address.port}`)
    const client = closeLater(createSocket(address))
    connectSocket(client, address)
    const octets = Buffer.alloc(SOCKET_ADDRESS_OCTETS)
    const server = closeLater(acceptClient(listener, 'blocking', octets))
    expect(decodeAddress(octets)).toEqual(localAddress(client))
    expect(peerAddress(server)).toEqual(localAddress(client))
  })

  test('on a port in use fails with EADDRINUSE and leaves nothing open', () => {
    const { port } = listen()
    const before = openDescriptors()
    const error = faultOf(() => listenOn({ ...LOOPBACK, port }))
    expect(error).toBeInstanceOf(SystemCallError)
    expect(error).toMatchObject({
      message: `EADDRINUSE: bind 127.0.0.1:${port} (address already in use)`,
      code: 'EADDRINUSE',
      errno: 98,
      syscall: 'bind',
    })
    expect(openDescriptors()).toBe(before)
  })

  test('on an address of another machine fails with EADDRNOTAVAIL', () => {
    const error = faultOf(() => listenOn({ address: '192.0.2.1', port: 0 }))
    expect(error).toMatchObject({ code: 'EADDRNOTAVAIL', syscall: 'bind' })
    expect(error.message).toContain('192.0.2.1:0')
  })

  test.each([
    [{ address: 'localhost', port: 0 }, '"localhost" isn\'t an IPv4 or IPv6 address'],
    [{ address: '', port: 0 }, '"" isn\'t'],
    [{ address: '127.0.0.1', port: 65_536 }, 'not 65536'],
    [{ address: '127.0.0.1', port: -1 }, 'not -1'],
    [{ address: '127.0.0.1', port: 1.5 }, 'not 1.5'],
    [{ address: 'fe80::1%nosuch', port: 0 }, 'no network interface "nosuch"'],
  ])('on %j is refused: %s', (address, message) => {
    const error = faultOf(() => listenOn(address))
    expect(error).toBeInstanceOf(SocketAddressError)
    expect(error).toMatchObject({ code: 'INVALID_SOCKET_ADDRESS' })
    expect(error.message).toContain(message)
  })

  test('with reusePort several listeners share a port, and without it none does', () => {
    const first = listen({ reusePort: true })
    const second = closeLater(listenOn({ ...LOOPBACK, port: first.port }, { reusePort: true }))
    expect(localAddress(second).port).toBe(first.port)
    const error = faultOf(() => listenOn({ ...LOOPBACK, port: first.port }))
    expect(error).toMatchObject({ code: 'EADDRINUSE' })
  })
})

describe('accepting', () => {
  test('fills the address in, and returns a descriptor of the wanted mode', () => {
    const { listener, port } = listen()
    const client = closeLater(createSocket(LOOPBACK))
    connectSocket(client, { ...LOOPBACK, port })
    const address = Buffer.alloc(SOCKET_ADDRESS_OCTETS)
    const server = closeLater(acceptClient(listener, 'non-blocking', address))
    expect(decodeAddress(address)).toEqual(localAddress(client))
    expect(readSocket(server, Buffer.alloc(1))).toBe(WOULD_BLOCK)
  })

  test('in non-blocking mode says so when no client waits', () => {
    expect(acceptClient(listen({ blocking: 'non-blocking' }).listener)).toBe(WOULD_BLOCK)
  })

  test('is woken by shutdownSocket from another thread, with EINVAL', async () => {
    const { listener } = listen()
    setReceiveTimeout(listener, 0)
    const { started, result } = inThread('native.acceptClient(data)', listener)
    await started
    shutdownSocket(listener, 'both')
    expect(await result).toEqual({ code: 'EINVAL' })
  })
})

describe('connecting', () => {
  test('to a port that nobody listens on fails with ECONNREFUSED', () => {
    const { listener, port } = listen()
    closeDescriptor(listener)
    const address = { ...LOOPBACK, port }
    const blocking = closeLater(createSocket(address))
    expect(faultOf(() => connectSocket(blocking, address))).toMatchObject({
      code: 'ECONNREFUSED',
      message: `ECONNREFUSED: connect 127.0.0.1:${port} (connection refused)`,
    })
    const nonBlocking = closeLater(createSocket(address, 'non-blocking'))
    expect(connectSocket(nonBlocking, address)).toBe(WOULD_BLOCK)
    waitForDescriptor(nonBlocking, POLL_OUT, 10_000)
    expect(pendingError(nonBlocking)).toBe(111)
    expect(pendingError(nonBlocking)).toBe(0)
  })

  test('in non-blocking mode is done once the descriptor can be written to', () => {
    const { listener, port } = listen()
    const address = { ...LOOPBACK, port }
    const client = closeLater(createSocket(address, 'non-blocking'))
    expect(connectSocket(client, address)).toBe(WOULD_BLOCK)
    accept(listener)
    expect(waitForDescriptor(client, POLL_OUT, 10_000)).toBe(POLL_OUT)
    expect(pendingError(client)).toBe(0)
    expect(peerAddress(client)).toEqual(address)
  })
})

describe('reading and writing', () => {
  test('octets arrive as they were sent, and 0 is the end', () => {
    const [client, server] = connectedPair()
    expect(writeSocket(client, Buffer.from('hello'))).toBe(5)
    const octets = Buffer.alloc(16)
    expect(readSocket(server, octets)).toBe(5)
    expect(octets.toString('latin1', 0, 5)).toBe('hello')
    expect(shutdownSocket(client, 'write')).toBe(true)
    expect(readSocket(server, octets)).toBe(0)
    expect(writeSocket(server, Buffer.from('still'))).toBe(5)
    expect(readSocket(client, octets)).toBe(5)
  })

  test('no octets are written without a call', () => {
    expect(writeSocket(-1, Buffer.alloc(0))).toBe(0)
  })

  test('a write takes as many of the first octets as it is told, and refuses more than there are', () => {
    const [client, server] = connectedPair()
    expect(writeSocket(client, Buffer.from('hello'), 4)).toBe(4)
    const octets = Buffer.alloc(10)
    expect(octets.toString('latin1', 0, readSocket(server, octets))).toBe('hell')
    for (const length of [6, -1, Number.NaN]) {
      expect(() => writeSocket(client, Buffer.from('hello'), length)).toThrow(RangeError)
    }
  })

  test('in blocking mode all is written, whatever fits into the buffer', async () => {
    const [client, server] = connectedPair()
    const { result } = inThread(
      `let sum = 0; const room = Buffer.alloc(65536)
       for (let count; (count = native.readSocket(data, room)) > 0; ) sum += count
       sum`,
      server,
    )
    expect(writeSocket(client, LARGE)).toBe(LARGE.length)
    shutdownSocket(client, 'write')
    expect(await result).toEqual({ value: LARGE.length })
  })

  test('in non-blocking mode what fits is written, and then WOULD_BLOCK returned', () => {
    const [client, server] = connectedPair('non-blocking')
    const written = writeSocket(server, LARGE)
    expect(written).toBeGreaterThan(0)
    expect(written).toBeLessThan(LARGE.length)
    expect(writeSocket(server, LARGE)).toBe(WOULD_BLOCK)
    const received = Buffer.alloc(written)
    for (let count = 0; count < written; ) count += readSocket(client, received.subarray(count))
    expect(received.equals(LARGE.subarray(0, written))).toBe(true)
  })

  test('a receive timeout ends a read with WOULD_BLOCK', () => {
    const [, server] = connectedPair()
    setReceiveTimeout(server, 10)
    expect(readSocket(server, Buffer.alloc(1))).toBe(WOULD_BLOCK)
  })

  test('a send timeout ends a write with what was written', () => {
    const [, server] = connectedPair()
    setSendTimeout(server, 10)
    let written = writeSocket(server, LARGE)
    expect(written).toBeGreaterThan(0)
    // The system's buffers may grow meanwhile, up to a bound.
    while (written !== WOULD_BLOCK) {
      expect(written).toBeLessThan(LARGE.length)
      written = writeSocket(server, LARGE)
    }
  })

  test('a reset by the peer is ECONNRESET', () => {
    const [client, server] = connectedPair()
    writeSocket(server, Buffer.from('unread'))
    // Closed with octets unread, a socket answers with a reset.
    waitForDescriptor(client, 1, 10_000)
    closeDescriptor(client)
    expect(faultOf(() => readSocket(server, Buffer.alloc(1)))).toMatchObject({
      code: 'ECONNRESET',
      syscall: 'recv',
    })
    expect(faultOf(() => writeSocket(server, LARGE))).toMatchObject({
      code: 'EPIPE',
      syscall: 'send',
    })
  })

  test('shutdownSocket from another thread ends a read that waits', async () => {
    const [, server] = connectedPair()
    setReceiveTimeout(server, 0)
    const { started, result } = inThread('native.readSocket(data, Buffer.alloc(1))', server)
    await started
    shutdownSocket(server, 'both')
    expect(await result).toEqual({ value: 0 })
  })

  test('a signal in between changes nothing: EINTR is retried', async () => {
    // With a receive timeout Linux ends the call at every signal, signal(7).
    const script = `
      process.on('SIGUSR2', () => {})
      import('@h2lab/tls-context/native').then((native) => {
        const listener = native.listenOn({ address: '127.0.0.1', port: 0 })
        const address = native.localAddress(listener)
        const client = native.createSocket(address)
        native.connectSocket(client, address)
        const server = native.acceptClient(listener)
        native.setReceiveTimeout(server, 600)
        const signaller = new (require('node:worker_threads').Worker)(
          "const end = Date.now() + 300; const timer = setInterval(() => { process.kill(process.pid, 'SIGUSR2'); if (Date.now() > end) clearInterval(timer) }, 20)",
          { eval: true })
        signaller.on('online', () => {
          console.log(native.readSocket(server, Buffer.alloc(1)))
          process.exit()
        })
      })`
    const { stdout, stderr } = await runProgram(process.execPath, ['--eval', script])
    expect({ stdout, stderr }).toEqual({ stdout: `${WOULD_BLOCK}\n`, stderr: '' })
  })
})

describe('SIGPIPE', () => {
  /** Writes to a peer that has gone, where the signal ends the process. */
  async function writeWithDeadlySignal(
    write: string,
  ): Promise<{ code: number | null; stdout: string }> {
    const script = `
      const listener = () => {}
      process.on('SIGPIPE', listener)
      process.off('SIGPIPE', listener)
      import('@h2lab/tls-context/native').then((native) => {
        const listening = native.listenOn({ address: '127.0.0.1', port: 0 })
        const address = native.localAddress(listening)
        const client = native.createSocket(address)
        native.connectSocket(client, address)
        const server = native.acceptClient(listening)
        native.closeDescriptor(server)
        const write = ${write}
        try { for (let index = 0; index < 10; index += 1) write(client) } catch (error) { console.log(error.code) }
      })`
    const { code, stdout } = await runProgram(process.execPath, ['--eval', script])
    return { code, stdout }
  }

  test('does not end the process when a peer has gone', async () => {
    const outcome = await writeWithDeadlySignal('(to) => native.writeSocket(to, Buffer.from("."))')
    expect(outcome).toEqual({ code: 0, stdout: 'EPIPE\n' })
  })

  test('(but would by write of the C library)', async () => {
    const outcome = await writeWithDeadlySignal(`(() => {
      const write = require('koffi').load(null).func('intptr_t write(int, void *, size_t)')
      return (to) => write(to, Buffer.from('.'), 1)
    })()`)
    expect(outcome).toEqual({ code: null, stdout: '' })
  })
})

describe('a descriptor', () => {
  test('that is closed twice is EBADF', () => {
    const { listener } = listen()
    closeDescriptor(listener)
    expect(faultOf(() => closeDescriptor(listener))).toMatchObject({
      code: 'EBADF',
      message: `EBADF: close descriptor ${listener} (bad file descriptor)`,
    })
  })

  test('whose peer has gone has no peer address, and shutdownSocket says so', () => {
    const socket = closeLater(createSocket(LOOPBACK))
    expect(faultOf(() => peerAddress(socket))).toMatchObject({ code: 'ENOTCONN' })
    expect(shutdownSocket(socket, 'both')).toBe(false)
  })

  test('is not inherited by a program that this process starts', () => {
    const [client, server] = connectedPair()
    const ours = [client, server, listen().listener].map((descriptor) =>
      readlinkSync(`/proc/self/fd/${descriptor}`),
    )
    const { stdout } = spawnSync('ls', ['-l', '/proc/self/fd'], { encoding: 'utf8' })
    expect(stdout).toContain('->')
    for (const socket of ours) expect(stdout).not.toContain(socket)
  })

  test("gets the options that are set, and EBADF if it isn't open", () => {
    const [, server] = connectedPair()
    const noDelay = () => {
      const value = Buffer.alloc(4)
      libc().getsockopt(server, 6, 1, value, Buffer.from([4, 0, 0, 0]))
      return value.readInt32LE()
    }
    setNoDelay(server, true)
    expect(noDelay()).toBe(1)
    setNoDelay(server, false)
    expect(noDelay()).toBe(0)
    setBlocking(server, false)
    expect(readSocket(server, Buffer.alloc(1))).toBe(WOULD_BLOCK)
    expect(faultOf(() => setNoDelay(0x7fff, true))).toMatchObject({ code: 'EBADF' })
  })

  describe('that is kept alive', () => {
    /** SO_KEEPALIVE; TCP_KEEPIDLE, TCP_KEEPINTVL, TCP_KEEPCNT in seconds. */
    function keepAlive(descriptor: number) {
      const [on, idle, interval, probes] = [
        [1, 9],
        [6, 4],
        [6, 5],
        [6, 6],
      ].map(([level, option]) => {
        const value = Buffer.alloc(4)
        libc().getsockopt(descriptor, level!, option!, value, Buffer.from([4, 0, 0, 0]))
        return value.readInt32LE()
      })
      return { on, idle, interval, probes }
    }

    test('is probed three times within its timeout', () => {
      const [, server] = connectedPair()
      expect(keepAlive(server).on).toBe(0)
      setKeepAlive(server, 30_000, 30_000)
      expect(keepAlive(server)).toEqual({
        on: 1,
        idle: 30,
        interval: 10,
        probes: 3,
      })
    })

    test('is probed after a second at the earliest', () => {
      const [, server] = connectedPair()
      setKeepAlive(server, 0, 0)
      expect(keepAlive(server)).toEqual({
        on: 1,
        idle: 1,
        interval: 1,
        probes: 3,
      })
    })

    test('is left alone if it may be idle for ever, and probed late if for very long', () => {
      const [, server] = connectedPair()
      setKeepAlive(server, 30_000, 30_000)
      setKeepAlive(server, Number.POSITIVE_INFINITY, 30_000)
      expect(keepAlive(server)).toMatchObject({ on: 0 })
      setKeepAlive(server, 1e12, Number.POSITIVE_INFINITY)
      expect(keepAlive(server)).toMatchObject({
        on: 1,
        idle: 32_767,
        interval: 32_767,
      })
    })

    test('hands that on from the socket that listens', () => {
      const { listener, port } = listen()
      setKeepAlive(listener, 5000, 3000)
      const client = closeLater(createSocket(LOOPBACK))
      connectSocket(client, { ...LOOPBACK, port })
      expect(keepAlive(accept(listener))).toMatchObject({ on: 1, idle: 5 })
    })
  })
})
