import { readTlsCredentials } from '@h2lab/tls-context'
import { serveMeasured } from '../../server-process/serve-measured'
import { ALL_NODE_PEERS } from './all-node-peers'
import { serveOnLoopback } from './serve-on-loopback'

/*
 * The process of a peer on Node.js.
 */

serveMeasured(async ({ name, tls }) => {
  const peer = ALL_NODE_PEERS.find((one) => one.name === name)
  if (peer === undefined) throw new Error(`There is no ${name}.`)
  const credentials = tls === undefined ? undefined : await readTlsCredentials(tls)
  return serveOnLoopback(await peer.create(credentials), tls === undefined ? 'http' : 'https')
})
