import { setTimeout as delay } from 'node:timers/promises'
import type { Control } from '../attacks/attack'
import { Helper } from '../processes/helper'
import type { AttackedServer, RunningServer } from '../servers/server'
import { forgetPeak, type ProcessState, stateOf } from './process-state'
import { MIB } from './promises'

/** How long servers are warmed up by ordinary clients, in milliseconds. */
const WARM_UP = 1000
/** How much ordinary clients send meanwhile: more than a server takes. */
const WARM_UP_RATE = 64 * MIB
/** Beyond it ordinary clients have one request each under way. */
const FEW_CLIENTS = 10
const STREAMS = 100

export interface WarmServer {
  readonly running: RunningServer
  /** Undefined where the server would not serve it beside others. */
  readonly neighbour: Helper<'neighbour-process'> | undefined
  /** How its process was beside ordinary clients; undefined if it is not known. */
  readonly before: ProcessState | undefined
}

/** Starts a server, lets ordinary clients make it work, and ends it whatever happens. */
export async function withWarmServer<Result>(
  server: AttackedServer,
  connections: number,
  control: Control,
  use: (warm: WarmServer) => Promise<Result>,
): Promise<Result> {
  const running = await server.start()
  const { pid, url } = running
  const starting = startClients(server, running, connections, WARM_UP_RATE, control)
  let neighbour: Helper<'neighbour-process'> | undefined
  try {
    if (server.mostClients > 1) neighbour = await Helper.start('neighbour-process', { url })
    const clients = await starting
    clients.begin()
    neighbour?.begin()
    await delay(WARM_UP)
    neighbour?.calm()
    await clients.stop()
    await delay(WARM_UP / 4)
    const state = pid === undefined ? undefined : stateOf(pid)
    if (pid !== undefined) forgetPeak(pid)
    // All that it took for them is what it may have again.
    const before = state && { ...state, memory: state.peak }
    return await use({ running, neighbour, before })
  } finally {
    await neighbour?.stop()
    await starting.then(
      (clients) => clients.stop(),
      () => {},
    )
    await running.stop()
  }
}

/** As many ordinary clients, as far as the server serves them beside the neighbour's two connections. */
export function startClients(
  server: AttackedServer,
  { url }: RunningServer,
  connections: number,
  octetsPerSecond: number,
  control: Control,
): Promise<Helper<'clients-process'>> {
  return Helper.start('clients-process', {
    url,
    connections: Math.max(1, Math.min(connections, server.mostClients - 2)),
    control: server.has.includes('waiting-handlers') ? control : 'requests',
    streams: connections > FEW_CLIENTS ? 1 : STREAMS,
    octetsPerSecond,
  })
}
