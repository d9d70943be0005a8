import { createRequire } from 'node:module'
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

let mallinfo2: (() => Allocated) | undefined

/**
 * What malloc has given out in this process, in octets, once what JavaScript has dropped is freed: mallinfo2(3).
 * Unlike resident memory it shows the smallest leak.
 */
function allocatedMemory(): number {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
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

/** How many rounds {@link leastGrowth} makes. */
const ROUNDS = 3

/**
 * By how much allocated memory grows with a round of work, in octets: the least of three rounds. A leak makes each of
 * them grow; what the process allocates once, at some time, only one.
 */
export async function leastGrowth(work: () => void | Promise<void>): Promise<number> {
  let least = Number.POSITIVE_INFINITY
  for (let round = 0; round < ROUNDS; round++) {
    const before = allocatedMemory()
    await work()
    least = Math.min(least, allocatedMemory() - before)
  }
  return least
}
