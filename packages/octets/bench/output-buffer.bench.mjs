import { allocateOctets, OutputBuffer } from '../dist/index.js'

/*
 * What allocating output costs, in nanoseconds of CPU: a vector that isn't filled with zeros first, and
 * runs of output of usual sizes through the buffer.
 */

const ROUNDS = 30
const OPERATIONS = 2000

/** The fastest round: whatever else the machine does only makes a round slower. */
function nanoseconds(operation) {
  let best = Number.POSITIVE_INFINITY
  for (let round = 0; round < ROUNDS; round++) {
    const before = process.cpuUsage()
    for (let index = 0; index < OPERATIONS; index++) operation()
    const { user, system } = process.cpuUsage(before)
    best = Math.min(best, ((user + system) * 1000) / OPERATIONS)
  }
  return Math.round(best)
}

const results = {}
// Kept, so that nothing is optimised away.
let last

for (const size of [256, 4096, 65_536]) {
  results[`${size} octets`] = {
    'filled with zeros': nanoseconds(() => {
      last = new Uint8Array(size)
    }),
    allocateOctets: nanoseconds(() => {
      last = allocateOctets(size)
    }),
  }
}
console.log('Allocation, ns of CPU:')
console.table(results)

const runs = {}
for (const [name, size, count] of [
  ['a response of 46 octets', 46, 1],
  ['a hundred of them', 46, 100],
  ['64 KiB of DATA in four frames', 16_384, 4],
]) {
  const buffer = new OutputBuffer()
  const octets = new Uint8Array(size).fill(1)
  runs[name] = {
    'ns of CPU': nanoseconds(() => {
      for (let index = 0; index < count; index++) buffer.append(octets)
      last = buffer.take()
    }),
  }
}
console.log('A run of output through OutputBuffer:')
console.table(runs)
if (last === undefined) throw new Error('Nothing was measured.')
