import { setMaxListeners } from 'node:events'
import { setPriority } from 'node:os'
import { findAttack } from '../attacks/catalogue'
import { Hostile } from '../attacks/hostile'
import { Pacer, sleep } from '../wire/pacer'
import { serveHelper } from './helper-side'
import type { AttackerReport, AttackerSetup } from './messages'

/*
 * All connections of an attack. What they send together is bounded, and so is how often they come back.
 */

/** Its work must not be what keeps others from the processor, but it has to be done. */
const NICENESS = 5
/** How many connections begin in a second. */
const RAMP = 300
/** When one that was cut off comes back, in milliseconds, and how many a second do so. */
const AWAY = 1000
const RETURNS = 20

serveHelper<AttackerSetup, AttackerReport>((tell) => {
  setPriority(NICENESS)
  const { signal } = new AbortController()
  // Each connection listens.
  setMaxListeners(0, signal)
  let setup: AttackerSetup | undefined
  let since = performance.now()
  let octets = 0
  let opened = 0
  let cutOff = 0
  let refused = 0
  /** Connections of which the first attempt is not over. */
  let left = 0
  let nextReturn = 0

  async function attackFrom(number: number, pacer: Pacer): Promise<void> {
    const { attack, url, has, below } = setup!
    const { run } = findAttack(attack)!
    await sleep((number / RAMP) * 1000, signal)
    let isFirst = true
    const begun = () => {
      if (!isFirst) return
      isFirst = false
      left--
      if (left === 0) tell({ type: 'ramped' })
    }
    for (;;) {
      const host = new Hostile({
        url: new URL(url),
        has,
        below,
        pacer,
        signal,
        opened() {
          opened++
          begun()
        },
        refused() {
          refused++
          begun()
        },
        sent(count) {
          octets += count
        },
      })
      try {
        await run(host)
        cutOff++
      } catch {
        refused++
      }
      begun()
      const now = performance.now()
      nextReturn = Math.max(nextReturn + 1000 / RETURNS, now + AWAY)
      await sleep(nextReturn - now, signal)
    }
  }

  return {
    async start(given) {
      setup = given
      if (findAttack(given.attack) === undefined) throw new Error(`There is no ${given.attack}.`)
    },
    begin() {
      if (setup === undefined) return
      since = performance.now()
      left = setup.connections
      const pacer = new Pacer(setup.octetsPerSecond)
      for (let number = 0; number < setup.connections; number++) void attackFrom(number, pacer)
    },
    report: () => ({
      seconds: (performance.now() - since) / 1000,
      octets,
      opened,
      cutOff,
      refused,
    }),
  }
})
