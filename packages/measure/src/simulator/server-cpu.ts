import { cpuSource, TreeCpu } from '../machine/tree-cpu'
import type { RunningTarget } from '../targets/target'

/** Reads what a server's processes have used. */
export interface ServerCpu {
  /** In nanoseconds since it began. */
  read(): Promise<number | undefined>
}

/** By the scheduler's counters where there are some, else by what the server tells; undefined if nobody does. */
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
