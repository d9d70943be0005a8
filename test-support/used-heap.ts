import { setImmediate as immediately } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Until nothing more is freed. */
const COLLECTIONS = 3

/** How many octets of V8's heap are in use, without what JavaScript has dropped. */
export async function usedHeap(): Promise<number> {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  for (let count = 0; count < COLLECTIONS; count++) {
    collect()
    await immediately()
  }
  return process.memoryUsage().heapUsed
}
