import type { Availability } from '../../generators/load-generator'
import { builtFile } from '../../processes/built-file'
import { startServerProcess } from '../../server-process/start-server-process'
import type { Target } from '../../targets/target'
import { ALL_NODE_PEERS } from './all-node-peers'
import type { NodePeer } from './node-peer'
import { findPackage } from './package'

const NODE_PEER_PROCESS = builtFile('node-peer-process', import.meta.url)

/** Common servers on Node.js, each measured in its own process. */
export const NODE_PEERS: readonly Target[] = ALL_NODE_PEERS.map(toTarget)

/** Creates the target of a peer. */
export function toTarget(peer: NodePeer): Target {
  const { name, title, httpVersion } = peer
  return {
    name,
    title,
    kind: 'peer',
    httpVersion,
    mostClients: Number.POSITIVE_INFINITY,
    availability: async () => availability(peer),
    start: ({ tls, cpus }) => startServerProcess(NODE_PEER_PROCESS, { name, tls }, cpus),
  }
}

function availability({ packages }: NodePeer): Availability {
  const found = packages.map((name) => ({ name, version: findPackage(name)?.version }))
  const missing = found.filter(({ version }) => version === undefined).map(({ name }) => name)
  if (missing.length > 0) {
    const are = missing.length === 1 ? 'is' : 'are'
    const reason = `${missing.join(' and ')} ${are} not installed (npm install ${packages.join(' ')})`
    return { state: 'unavailable', reason }
  }
  const versions = found.map(({ name, version }) => `${name} ${version}`)
  return {
    state: 'available',
    version: [...versions, `Node ${process.versions.node}`].join(', '),
  }
}
