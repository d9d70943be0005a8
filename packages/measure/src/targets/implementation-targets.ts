import { IMPLEMENTATIONS, type Implementation } from '../implementations/implementation'
import { builtFile } from '../processes/built-file'
import { startServerProcess } from '../server-process/start-server-process'
import type { Target } from './target'

const SERVER_PROCESS = builtFile('server-process', import.meta.url)

/** The implementations of this project, each measured in its own process. */
export const IMPLEMENTATION_TARGETS: readonly Target[] = IMPLEMENTATIONS.map(toTarget)

function toTarget(implementation: Implementation): Target {
  const { name, title, httpVersion, mostClients } = implementation
  return {
    name,
    title,
    kind: 'implementation',
    httpVersion,
    mostClients,
    availability: async () => implementation.availability(),
    start: ({ tls, cpus }) => startServerProcess(SERVER_PROCESS, { name, tls }, cpus),
  }
}
