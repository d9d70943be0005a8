import { createRequire } from 'node:module'
import { setImmediate as immediately } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** The koffi of the packages that call C. */
const koffi = createRequire(new URL('../packages/tls-context/package.json', import.meta.url))(
  'koffi',
) as {
  struct(members: Record<string, string>): unknown
  load(library: null): { func(name: string, result: unknown, parameters: []): () => Allocated }
}

interface Allocated {
  readonly uordblks: number
  readonly hblkhd: number
}

/** The members of `struct mallinfo2`. */
const MEMBERS = [
  ...['arena', 'ordblks', 'smblks', 'hblks', 'hblkhd'],
  ...['usmblks', 'fsmblks', 'uordblks', 'fordblks', 'keepcost'],
]

/** Enough to free everything. With one collection, rounds differed by a third of a megabyte. */
const COLLECTIONS = 4

let mallinfo2: (() => Allocated) | undefined

/**
 * The number of octets allocated by malloc in this process, mallinfo2(3). Unlike resident memory, it shows the
 * smallest leak.
 */
export function allocatedOctets(): number {
  mallinfo2 ??= koffi
    .load(null)
    .func(
      'mallinfo2',
      koffi.struct(Object.fromEntries(MEMBERS.map((name) => [name, 'size_t']))),
      [],
    )
  const { uordblks, hblkhd } = mallinfo2()
  return uordblks + hblkhd
}

/** The same after JavaScript's garbage is freed. */
async function allocatedMemory(): Promise<number> {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  // A dead object may be freed by a task of the event loop, and keep others alive until the next collection.
  for (let count = 0; count < COLLECTIONS; count++) {
    collect()
    await immediately()
  }
  return allocatedOctets()
}

/** The number of rounds of {@link leastGrowth}. */
const ROUNDS = 3

/**
 * Returns by how much a round of work increases the allocated memory, in octets: the least of three rounds. A leak
 * increases it in each round. What the process allocates only once increases it in one.
 */
export async function leastGrowth(work: () => void | Promise<void>): Promise<number> {
  let least = Number.POSITIVE_INFINITY
  for (let round = 0; round < ROUNDS; round++) {
    const before = await allocatedMemory()
    await work()
    least = Math.min(least, (await allocatedMemory()) - before)
  }
  return least
}
