import { setTimeout as delay } from 'node:timers/promises'
import type { Attack, Control } from '../attacks/attack'
import { Helper } from '../processes/helper'
import type { NeighbourReport } from '../processes/messages'
import type { AttackedServer, RunningServer } from '../servers/server'
import { isServed } from './new-client'
import { forgetPeak, isAlive, type ProcessState, stateOf } from './process-state'
import { Processors } from './processors'
import {
  type Measurements,
  MIB,
  type NeighbourControl,
  type ProcessMeasurements,
  returnedDescriptors,
  returnedMemory,
} from './promises'

export interface TrialSettings {
  /** How long an attack lasts, in seconds. */
  readonly seconds: number
  /** What all connections of an attack send together at most, unless it says otherwise. */
  readonly octetsPerSecond: number
}

/** More connections than so many begin before anything is counted, and stay below the limits of one. */
const MANY = 10
/** How long servers are warmed up by ordinary clients, in milliseconds. */
const WARM_UP = 1000
/** How much ordinary clients send meanwhile: more than a server takes. */
const WARM_UP_RATE = 64 * MIB
/** How long what attackers left behind may stay, in milliseconds. */
const RETURN_TIME = 10_000
/** How often a process is looked at. */
const LOOK_INTERVAL = 100
/** An attack ends early if a server takes so much more memory: the machine has others. */
const MOST_GROWTH = 4096 * MIB
/** Beyond it ordinary clients have one request each under way. */
const FEW_CLIENTS = 10
const STREAMS = 100

/** Attacks a server that was started for it, and looks how it does. */
export class Trials {
  readonly #settings: TrialSettings
  /** What the neighbour has beside ordinary clients, by server, their number and how much they send. */
  readonly #controls = new Map<string, Promise<NeighbourControl>>()

  constructor(settings: TrialSettings) {
    this.#settings = settings
  }

  /**
   * @param returnTime how long what attackers left behind may stay, in milliseconds
   * @throws Error if the server or a helper can't be started
   */
  async run(
    server: AttackedServer,
    attack: Attack,
    connections: number,
    returnTime = RETURN_TIME,
  ): Promise<Measurements> {
    const rate = attack.rate?.octetsPerSecond ?? this.#settings.octetsPerSecond
    const control = attack.rate?.control ?? 'requests'
    const { beside, ...attacked } = await this.#attacked(
      server,
      attack,
      connections,
      rate,
      control,
      returnTime,
    )
    const { attacker, served } = attacked
    if (beside === undefined) return { ...attacked, neighbour: undefined }
    // Nobody starts it again.
    if (server.kind === 'given' && !served) {
      return { ...attacked, neighbour: { beside, control: undefined } }
    }
    const sent = attacker.octets / attacker.seconds
    const usual = await this.#control(server, connections, sent, control)
    return { ...attacked, neighbour: { beside, control: usual } }
  }

  async #attacked(
    server: AttackedServer,
    attack: Attack,
    connections: number,
    octetsPerSecond: number,
    control: Control,
    returnTime: number,
  ): Promise<Attacked> {
    return withWarmServer(server, connections, control, async (warm) => {
      const { running, neighbour, before } = warm
      const { url, pid } = running
      const below = connections > MANY
      const attacker = await Helper.start('attacker-process', {
        url,
        attack: attack.name,
        has: server.has,
        connections,
        below,
        octetsPerSecond,
      })
      try {
        const watch = new Watch(pid)
        const pids = [process.pid, pid, attacker.pid, neighbour?.pid]
        const processors = new Processors(pids)
        if (below) {
          const ramped = attacker.ramped()
          attacker.begin()
          await Promise.race([ramped.catch(() => {}), watch.end(RAMP_TIME)])
          neighbour?.begin()
        } else {
          neighbour?.begin()
          attacker.begin()
        }
        await watch.end(this.#settings.seconds * 1000)
        const othersShare = processors.othersShare()
        const report = await attacker.report()
        const beside = await neighbour?.report()
        neighbour?.calm()
        await attacker.stop()
        const peak = watch.stop()
        const after = await returned(pid, before, returnTime)
        const alive = pid === undefined ? true : isAlive(pid)
        const served = alive && (await isServedSoon(url))
        return {
          attacker: report,
          beside,
          othersShare,
          process: processMeasurements(before, peak, after),
          alive,
          served,
          lastWords: running.said().trim().split('\n').slice(-4).join('\n'),
        }
      } finally {
        await attacker.stop()
      }
    })
  }

  /** Rates that are near each other have one control. */
  #control(
    server: AttackedServer,
    connections: number,
    sent: number,
    control: Control,
  ): Promise<NeighbourControl> {
    const octetsPerSecond = 2 ** Math.max(16, Math.round(Math.log2(Math.max(sent, 1))))
    const key = `${server.name} ${connections} ${control} ${octetsPerSecond}`
    const known = this.#controls.get(key)
    if (known !== undefined) return known
    const measured = this.#measureControl(server, connections, octetsPerSecond, control)
    this.#controls.set(key, measured)
    return measured
  }

  #measureControl(
    server: AttackedServer,
    connections: number,
    octetsPerSecond: number,
    control: Control,
  ): Promise<NeighbourControl> {
    return withWarmServer(server, connections, control, async ({ running, neighbour }) => {
      const clients = await startClients(server, running, connections, octetsPerSecond, control)
      try {
        clients.begin()
        neighbour!.begin()
        await delay(this.#settings.seconds * 1000)
        return { neighbour: await neighbour!.report(), clients: await clients.report() }
      } finally {
        await clients.stop()
      }
    })
  }
}

/** How long a thousand connections may take to begin, in milliseconds. */
const RAMP_TIME = 8000

type Attacked = Omit<Measurements, 'neighbour'> & { readonly beside: NeighbourReport | undefined }

interface WarmServer {
  readonly running: RunningServer
  /** Undefined where the server would not serve it beside others. */
  readonly neighbour: Helper<'neighbour-process'> | undefined
  /** How its process was beside ordinary clients; undefined if it is not known. */
  readonly before: ProcessState | undefined
}

/** Starts a server, lets ordinary clients make it work, and ends it whatever happens. */
async function withWarmServer<Result>(
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
    await delay(WARM_UP)
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
function startClients(
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

/** Looks at a process again and again. */
class Watch {
  readonly #pid: number | undefined
  readonly #first: ProcessState | undefined
  #last: ProcessState | undefined
  #peak = 0

  constructor(pid: number | undefined) {
    this.#pid = pid
    this.#look()
    this.#first = this.#last
  }

  /** Returns when the time is over, or the process is gone or too large. */
  async end(milliseconds: number): Promise<void> {
    const deadline = performance.now() + milliseconds
    while (performance.now() < deadline) {
      await delay(Math.min(LOOK_INTERVAL, deadline - performance.now() + 1))
      this.#look()
      if (this.#pid === undefined) continue
      if (this.#last === undefined) return
      if (this.#last.memory - (this.#first?.memory ?? 0) > MOST_GROWTH) return
    }
  }

  /** @returns the most memory that was seen */
  stop(): number {
    this.#look()
    return this.#peak
  }

  #look(): void {
    if (this.#pid === undefined) return
    this.#last = stateOf(this.#pid)
    if (this.#last !== undefined) this.#peak = Math.max(this.#peak, this.#last.peak)
  }
}

/** Waits until the process holds what it held before, but not for ever. */
async function returned(
  pid: number | undefined,
  before: ProcessState | undefined,
  returnTime: number,
): Promise<ProcessState | undefined> {
  if (pid === undefined || before === undefined) return undefined
  const deadline = performance.now() + returnTime
  for (;;) {
    const state = stateOf(pid)
    if (state === undefined || performance.now() > deadline) return state
    const isBack =
      state.memory <= returnedMemory(before.memory) &&
      state.descriptors <= returnedDescriptors(before.descriptors)
    if (isBack) return state
    await delay(LOOK_INTERVAL)
  }
}

/** Asks again for a while: a queue of clients that are gone takes a moment. */
async function isServedSoon(url: string): Promise<boolean> {
  for (let attempt = 0; attempt < 4; attempt++) if (await isServed(url)) return true
  return false
}

function processMeasurements(
  before: ProcessState | undefined,
  memoryPeak: number,
  after: ProcessState | undefined,
): ProcessMeasurements | undefined {
  if (before === undefined) return undefined
  return {
    memoryBefore: before.memory,
    memoryPeak,
    memoryAfter: after?.memory ?? 0,
    descriptorsBefore: before.descriptors,
    descriptorsAfter: after?.descriptors ?? 0,
  }
}
