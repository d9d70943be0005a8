import { prepareRequest } from '@h2lab/mini-http2/client'
import { Client } from '../clients/client'
import { Latencies } from '../clients/latencies'
import { serveHelper } from './helper-side'
import type { NeighbourReport, NeighbourSetup } from './messages'

/*
 * The well-behaved neighbour: one connection with ten requests in flight, and a single request each 10 ms on another.
 */

const IN_FLIGHT = 10
const PROBE_INTERVAL = 10
/** How long it waits before it connects again, in milliseconds. */
const RECONNECT = 100

serveHelper<NeighbourSetup, NeighbourReport>(() => {
  const { signal } = new AbortController()
  const latencies = new Latencies()
  /** When requests that wait were sent, by their streams. */
  const pending = new Map<number, number>()
  let url = new URL('http://localhost')
  let request = prepareRequest({ authority: 'localhost' })
  let isLoading = false
  let inFlight = 0
  let load: Client | undefined
  let probe: Client | undefined
  let since = performance.now()
  let requests = 0
  let failed = 0
  let lost = 0

  /** Keeps a connection: connects again when it is lost. */
  async function keep(open: () => Promise<void>): Promise<void> {
    try {
      await open()
    } catch {
      lost++
      again(open)
    }
  }

  function again(open: () => Promise<void>): void {
    setTimeout(() => void keep(open), RECONNECT)
  }

  async function openLoad(): Promise<void> {
    load = await Client.open(url, signal, {
      onAnswer(_, isGood) {
        inFlight--
        if (isGood) requests++
        else failed++
        fill()
      },
      onLost() {
        lost++
        inFlight = 0
        load = undefined
        again(openLoad)
      },
    })
    inFlight = 0
    fill()
  }

  function fill(): void {
    while (isLoading && load?.isOpen === true && inFlight < IN_FLIGHT) {
      load.send(request)
      inFlight++
    }
    // The server wants no more on this one.
    if (load !== undefined && !load.isOpen && inFlight === 0) load.close()
  }

  async function openProbe(): Promise<void> {
    probe = await Client.open(url, signal, {
      onAnswer(streamId, isGood) {
        const start = pending.get(streamId)
        pending.delete(streamId)
        if (start !== undefined) latencies.add(performance.now() - start)
        if (!isGood) failed++
      },
      onLost() {
        lost++
        addPending()
        pending.clear()
        probe = undefined
        again(openProbe)
      },
    })
  }

  function addPending(): void {
    const now = performance.now()
    for (const start of pending.values()) latencies.add(now - start)
  }

  return {
    async start(setup) {
      url = new URL(setup.url)
      request = prepareRequest({ authority: url.host, scheme: url.protocol.slice(0, -1) })
      await Promise.all([openLoad(), openProbe()])
      setInterval(() => {
        if (probe?.isOpen !== true) return
        pending.set(probe.send(request), performance.now())
      }, PROBE_INTERVAL)
    },
    begin() {
      isLoading = true
      latencies.clear()
      requests = 0
      failed = 0
      lost = 0
      since = performance.now()
      fill()
    },
    calm() {
      isLoading = false
    },
    report() {
      addPending()
      return {
        seconds: (performance.now() - since) / 1000,
        requests,
        failed,
        lost,
        probes: latencies.count,
        p50: latencies.percentile(0.5),
        p99: latencies.percentile(0.99),
      }
    },
  }
})
