import { createServer } from '@h2lab/mini-http2/server'
import { helloWorld } from '../implementations/hello-world'
import { findImplementation } from '../implementations/implementation'
import { serveMeasured } from './serve-measured'

/*
 * The process of an implementation.
 */

serveMeasured(async ({ name, tls }) => {
  const implementation = findImplementation(name)
  if (implementation === undefined) throw new Error(`There is no ${name}.`)
  const server = await createServer(implementation.method, {
    app: helloWorld(implementation.protocol),
    protocol: implementation.protocol,
    tls,
  })
  return { url: server.url, close: () => server.close({ graceMs: 0 }) }
})
