import { setMaxListeners } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { visitInTurn, visitTogether } from '../clients/crowd'
import type { Visit } from '../clients/kind'
import { Random } from '../clients/random'
import { Tally } from '../clients/tally'
import type { Program } from '../servers/program'
import type { SoakedServer } from '../servers/soaked-server'
import type { Outcome } from './outcome'
import { stateOf } from './process-state'
import { type Sample, windowsOf } from './series'

/** How often a process is looked at, in milliseconds: some thousand times at most. */
const LOOK_INTERVAL = 250
/** How long the last clients may take to leave, in milliseconds: longer than they wait for an answer. */
const LEAVE_TIME = 90_000
/** How long it may take until the sockets of the last clients are closed, in milliseconds. */
const PATIENCE = 15_000

/**
 * Runs a server with clients that come and go.
 *
 * @param duration in milliseconds
 * @param onSample is told what is seen
 */
export async function soak(
  server: SoakedServer,
  duration: number,
  seed: number,
  onSample: (sample: Sample) => void = () => {},
): Promise<Outcome> {
  const program = await server.start()
  try {
    const before = stateOf(program.pid)?.sockets ?? 0
    const tally = new Tally()
    const samples: Sample[] = []
    const time = new AbortController()
    // Each client that waits listens to it.
    setMaxListeners(0, time.signal)
    const visit = {
      url: program.url,
      answersTo: server.answersTo,
      random: new Random(seed),
      tally,
      signal: time.signal,
    }
    const visits = crowdOf(server, visit)
    await watch(program, duration, tally, (sample) => {
      samples.push(sample)
      onSample(sample)
    })
    time.abort()
    const haveLeft = await Promise.race([
      visits.then(() => true),
      delay(LEAVE_TIME, false, { ref: false }),
    ])
    if (!haveLeft) tally.failed(`clients have not left within ${LEAVE_TIME} ms`)
    const after = await socketsLeft(program.pid, before)
    const end = await program.terminate()
    const windows = windowsOf(samples, duration)
    const sockets = { before, after }
    return { server: server.name, tally, windows, sockets, end, said: program.said() }
  } finally {
    program.kill()
  }
}

function crowdOf({ clients }: SoakedServer, visit: Visit): Promise<void> {
  switch (clients) {
    case 'one':
      return visitInTurn(visit)
    case 'few':
      return visitTogether(visit, 0.25)
    case 'many':
      return visitTogether(visit, 1)
  }
}

/** Looks at a process until the time is over, or the process is gone. */
async function watch(
  { pid }: Program,
  duration: number,
  tally: Tally,
  onSample: (sample: Sample) => void,
): Promise<void> {
  const begin = performance.now()
  for (let at = 0; at < duration; at = performance.now() - begin) {
    const state = stateOf(pid)
    if (state === undefined) return
    onSample({ ...state, at, requests: tally.right })
    await delay(Math.min(LOOK_INTERVAL, duration - at))
  }
}

/** Waits until no more sockets are open than before, but not for ever. */
async function socketsLeft(pid: number, before: number): Promise<number | undefined> {
  const deadline = performance.now() + PATIENCE
  for (;;) {
    const state = stateOf(pid)
    if (state === undefined || state.sockets <= before || performance.now() > deadline) {
      return state?.sockets
    }
    await delay(100)
  }
}
