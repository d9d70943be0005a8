import { createRequire } from 'node:module'
import { setImmediate as immediately } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** koffi as the packages have it that call C. */
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

/** Until nothing more is freed: with one, rounds differed by a third of a megabyte. */
const COLLECTIONS = 4

let mallinfo2: (() => Allocated) | undefined

/** What malloc has given out in this process, in octets: mallinfo2(3). Unlike resident memory it shows the smallest leak. */
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

/** The same once what JavaScript has dropped is freed. */
async function allocatedMemory(): Promise<number> {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  // What a collection has found dead may be freed by a task of Node's loop, and hold others that the next one finds.
  for (let count = 0; count < COLLECTIONS; count++) {
    collect()
    await immediately()
  }
  return allocatedOctets()
}

/** How many rounds {@link leastGrowth} makes. */
const ROUNDS = 3

/**
 * By how much allocated memory grows with a round of work, in octets: the least of three rounds. A leak makes each of
 * them grow; what the process allocates once, at some time, only one.
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
