import { readdirSync } from 'node:fs'
import { beforeEach, expect, onTestFinished } from 'vitest'
import {
  acceptClient,
  type Blocking,
  closeDescriptor,
  connectSocket,
  createSocket,
  type ListenOptions,
  listenOn,
  localAddress,
  setReceiveTimeout,
} from '../../../src/native'

export const LOOPBACK = { address: '127.0.0.1', port: 0 } as const

/** No test waits as long, in milliseconds: a fault becomes a failure, and not a process that hangs. */
const LONGEST_WAIT = 10_000

/** How many descriptors this process has open. */
export function openDescriptors(): number {
  return readdirSync('/proc/self/fd').length
}

/** After each test of the file there are as many descriptors as before. */
export function expectNoDescriptorLeft(): void {
  beforeEach(() => {
    const before = openDescriptors()
    // Registered first, it runs last, after those that close what the test has left.
    onTestFinished(() => expect(openDescriptors(), 'open descriptors').toBe(before))
  })
}

/** Closes a descriptor when the test has finished, unless the test has. */
export function closeLater(descriptor: number): number {
  onTestFinished(() => closeIfOpen(descriptor))
  return descriptor
}

export function closeIfOpen(descriptor: number): void {
  try {
    closeDescriptor(descriptor)
  } catch (error) {
    expect(error).toMatchObject({ code: 'EBADF' })
  }
}

/** A listener on a free port of 127.0.0.1, until the test has finished. */
export function listen(options?: ListenOptions): { listener: number; port: number } {
  const listener = closeLater(listenOn(LOOPBACK, options))
  setReceiveTimeout(listener, LONGEST_WAIT)
  return { listener, port: localAddress(listener).port }
}

/** The next client's descriptor, in blocking mode and closed when the test has finished. */
export function accept(listener: number, blocking: Blocking = 'blocking'): number {
  const descriptor = closeLater(acceptClient(listener, blocking))
  setReceiveTimeout(descriptor, LONGEST_WAIT)
  return descriptor
}

/** Two ends of a TCP connection, until the test has finished. */
export function connectedPair(blocking: Blocking = 'blocking'): [client: number, server: number] {
  const { listener, port } = listen()
  const address = { ...LOOPBACK, port }
  const client = closeLater(createSocket(address))
  setReceiveTimeout(client, LONGEST_WAIT)
  expect(connectSocket(client, address)).toBe(0)
  return [client, accept(listener, blocking)]
}
