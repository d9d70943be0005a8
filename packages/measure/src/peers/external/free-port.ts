import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { HOST } from './external-program'

/** Finds a port that nobody listens on, for a program that can't be told to take any. */
export async function freePort(): Promise<number> {
  const port = await listenBriefly(0)
  if (port === undefined) throw new Error(`There is no free port on ${HOST}.`)
  return port
}

/** Whether nobody listens on the port. */
export async function isFree(port: number): Promise<boolean> {
  return (await listenBriefly(port)) !== undefined
}

/** @returns the port that it was; undefined if that is in use */
function listenBriefly(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(undefined))
    server.listen(port, HOST, () => {
      const address = server.address() as AddressInfo
      server.close(() => resolve(address.port))
    })
  })
}
