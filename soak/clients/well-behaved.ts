import { Client } from './client'
import type { Kind, Visit } from './kind'
import { pause } from './pause'
import { ask } from './question'

const MIB = 1_048_576
/** Requests of a connection that are under way at once. */
const IN_FLIGHT = 6

/** Asks one thing after another on several streams: GET and POST, small and large. */
export const STEADY: Kind = {
  name: 'steady',
  behaves: 'well',
  visitors: 6,
  async visit({ url, answersTo, random, tally, signal }) {
    const client = await Client.open(url, tally)
    let left = random.between(10, 60)
    const askOn = async () => {
      while (left-- > 0 && !signal.aborted) {
        const body = random.isTrue(0.4) ? random.size(MIB) : undefined
        await client.ask(ask(random, answersTo, { octets: random.size(65_536), body }))
        await pause(random.between(0, 20), signal)
      }
    }
    await Promise.all(Array.from({ length: IN_FLIGHT }, askOn))
    await client.leave()
  },
}

/** Takes its answers slower than they come. */
export const SLOW_READER: Kind = {
  name: 'slow reader',
  behaves: 'well',
  visitors: 3,
  async visit(visit) {
    const { url, answersTo, random, tally } = visit
    const client = await Client.open(url, tally)
    const answered = client.ask(ask(random, answersTo, { octets: MIB }))
    const end = performance.now() + random.between(500, 2000)
    await readSlowly(client, visit, end)
    client.isReading = true
    await answered
    await client.leave()
  },
}

async function readSlowly(client: Client, { random, signal }: Visit, end: number): Promise<void> {
  while (performance.now() < end && !signal.aborted) {
    client.isReading = false
    await pause(random.between(20, 100), signal)
    client.isReading = true
    await pause(1, signal)
  }
}

/** Stays for a while without a request, as browsers do, and then asks again. */
export const IDLE: Kind = {
  name: 'idle',
  behaves: 'well',
  visitors: 6,
  async visit({ url, answersTo, random, tally, signal }) {
    const client = await Client.open(url, tally)
    await client.ask(ask(random, answersTo, { octets: 1000 }))
    await pause(random.between(1000, 8000), signal)
    await client.ask(ask(random, answersTo, { octets: 1000 }))
    await client.leave()
  },
}
