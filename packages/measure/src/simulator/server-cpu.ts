import { cpuSource, TreeCpu } from '../machine/tree-cpu'
import type { RunningTarget } from '../targets/target'

/** Reads the CPU time of a server's processes. */
export interface ServerCpu {
  /** In nanoseconds since its start. */
  read(): Promise<number | undefined>
}

/** Uses the scheduler's counters if available, otherwise the server's own reports. Undefined if there are neither. */
export async function serverCpuOf(server: RunningTarget): Promise<ServerCpu | undefined> {
  if (server.pid !== undefined && cpuSource() === 'schedstat') {
    const tree = new TreeCpu(server.pid)
    return { read: async () => tree.read() }
  }
  if ((await server.usage()) === undefined) return undefined
  return {
    async read() {
      const usage = await server.usage()
      return usage === undefined ? undefined : usage.cpu * 1000
    },
  }
}
