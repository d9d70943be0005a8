import { setMaxListeners } from 'node:events'
import { setPriority } from 'node:os'
import { type PreparedRequest, prepareRequest } from '@h2lab/mini-http2/client'
import { Client } from '../clients/client'
import { serveHelper } from './helper-side'
import type { ClientsReport, ClientsSetup } from './messages'

/*
 * Ordinary clients that send as much as attackers do: the control. They also warm a server up.
 */

/** The same as the attackers have: who answers comes first. */
const NICENESS = 5
/** How many handshakes are under way at once. */
const AT_ONCE = 20
const UPLOAD = new Uint8Array(65_536)
/** How often they look whether they may send more, in milliseconds. */
const TICK = 2
/** How long the right to send is kept, in seconds. */
const MOST_SAVED = 0.05

interface OneClient {
  readonly client: Client
  inFlight: number
}

serveHelper<ClientsSetup, ClientsReport>(() => {
  setPriority(NICENESS)
  const { signal } = new AbortController()
  // Each connection listens.
  setMaxListeners(0, signal)
  const clients: OneClient[] = []
  let setup: ClientsSetup | undefined
  let request: PreparedRequest = prepareRequest({ authority: 'localhost' })
  let hasBegun = false
  let since = performance.now()
  let octets = 0
  let answered = 0
  let failed = 0
  let lost = 0
  /** What may be sent now: what was saved up, less what was sent. */
  let allowance = 0
  let refilled = performance.now()

  function count(sent: number): void {
    octets += sent
    allowance -= sent
  }

  function refill(rate: number): void {
    const now = performance.now()
    allowance = Math.min(allowance + ((now - refilled) / 1000) * rate, rate * MOST_SAVED)
    refilled = now
  }

  async function open(url: URL): Promise<void> {
    const events = {
      onAnswer(_: number, isGood: boolean) {
        one.inFlight--
        if (isGood) answered++
        else failed++
        fill(one)
      },
      onLost() {
        lost++
        const index = clients.indexOf(one)
        if (index >= 0) clients.splice(index, 1)
      },
    }
    const one = { client: await Client.open(url, signal, events, count), inFlight: 0 }
    clients.push(one)
  }

  function fill(one: OneClient): void {
    if (!hasBegun || setup === undefined) return
    const { client } = one
    while (
      allowance > 0 &&
      client.isOpen &&
      one.inFlight < setup.streams &&
      client.waiting < UPLOAD.length
    ) {
      one.inFlight++
      client.send(request)
      // What is sent now counts at once, so that one does not take the turn of all.
      if (request.body !== undefined || one.inFlight % 10 === 0) client.flush()
    }
  }

  async function openAll(url: URL, connections: number): Promise<void> {
    let left = connections
    const openSome = async () => {
      while (left > 0) {
        left--
        await open(url).catch(() => {
          lost++
        })
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, openSome))
  }

  return {
    async start(given) {
      setup = given
      const url = new URL(given.url)
      const isUpload = given.control === 'uploads'
      request = prepareRequest({
        authority: url.host,
        scheme: url.protocol.slice(0, -1),
        ...(isUpload ? { method: 'POST', path: '/count', body: UPLOAD } : {}),
      })
      await openAll(url, given.connections)
      let first = 0
      setInterval(() => {
        refill(given.octetsPerSecond)
        // Each in its turn is the first.
        first = (first + 1) % Math.max(clients.length, 1)
        for (const one of [...clients.slice(first), ...clients.slice(0, first)]) {
          if (allowance <= 0) return
          fill(one)
        }
      }, TICK)
    },
    begin() {
      hasBegun = true
      octets = 0
      since = performance.now()
    },
    report: () => ({
      seconds: (performance.now() - since) / 1000,
      octets,
      answered,
      failed,
      lost,
    }),
  }
})
