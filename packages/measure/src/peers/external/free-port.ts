import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { HOST } from './external-program'

/** Finds a free port, for programs that can't choose one themselves. */
export async function freePort(): Promise<number> {
  const port = await listenBriefly(0)
  if (port === undefined) throw new Error(`There is no free port on ${HOST}.`)
  return port
}

/** Whether the port is free. */
export async function isFree(port: number): Promise<boolean> {
  return (await listenBriefly(port)) !== undefined
}

/** @returns the port that was used; undefined if it is not free */
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
