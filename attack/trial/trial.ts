import { setTimeout as delay } from 'node:timers/promises'
import type { Attack, Control } from '../attacks/attack'
import { Helper } from '../processes/helper'
import type { AttackerReport, NeighbourReport } from '../processes/messages'
import type { AttackedServer } from '../servers/server'
import { isServed } from './new-client'
import { isAlive, type ProcessState } from './process-state'
import { Processors } from './processors'
import type { Measurements, NeighbourControl, ProcessMeasurements } from './promises'
import { Turns } from './turns'
import { startClients, type WarmServer, withWarmServer } from './warm-server'
import { returned, Watch } from './watch'

export interface TrialSettings {
  /** How long an attack lasts, in seconds. */
  readonly seconds: number
  /** What all connections of an attack send together at most, unless it says otherwise. */
  readonly octetsPerSecond: number
}

/** More connections than so many begin before anything is counted, and stay below the limits of one. */
const MANY = 10
/** How long a thousand connections may take to begin, in milliseconds. */
const RAMP_TIME = 20_000
/** How long what attackers left behind may stay, in milliseconds. */
const RETURN_TIME = 10_000
/** How often a new client tries: a queue of clients that are gone takes a moment. */
const ATTEMPTS = 4

/** One attack on a server, and what is counted of it. */
interface Trial {
  readonly server: AttackedServer
  readonly attack: Attack
  readonly connections: number
  readonly octetsPerSecond: number
  readonly control: Control
  /** How long is looked for what comes back, in milliseconds. */
  readonly returnTime: number
}

type Attacked = Omit<Measurements, 'neighbour'> & { readonly beside: NeighbourReport | undefined }

/**
 * Attacks servers that are started for it, and looks how they do. Several may run at once: they attack in turns, and wait for
 * what the others leave behind meanwhile.
 */
export class Trials {
  readonly #settings: TrialSettings
  readonly #turns = new Turns()
  /** What the neighbour has beside ordinary clients, by server, their number and how much they send. */
  readonly #controls = new Map<string, Promise<NeighbourControl>>()

  constructor(settings: TrialSettings) {
    this.#settings = settings
  }

  /**
   * @param returns whether what attackers left behind gets the time to go
   * @throws Error if the server or a helper can't be started
   */
  async run(
    server: AttackedServer,
    attack: Attack,
    connections: number,
    returns: 'waited-for' | 'ignored' = 'waited-for',
  ): Promise<Measurements> {
    const control = attack.rate?.control ?? 'requests'
    const octetsPerSecond = attack.rate?.octetsPerSecond ?? this.#settings.octetsPerSecond
    const returnTime = returns === 'ignored' ? 0 : RETURN_TIME
    const trial = { server, attack, connections, octetsPerSecond, control, returnTime }
    const { beside, ...attacked } = await this.#attacked(trial)
    if (beside === undefined) return { ...attacked, neighbour: undefined }
    // Nobody starts it again.
    if (server.kind === 'given' && !attacked.served) {
      return { ...attacked, neighbour: { beside, control: undefined } }
    }
    const { octets, seconds } = attacked.attacker
    const usual = await this.#control(server, connections, octets / seconds, control)
    return { ...attacked, neighbour: { beside, control: usual } }
  }

  async #attacked(trial: Trial): Promise<Attacked> {
    const { server, connections, control, returnTime } = trial
    const release = await this.#turns.take()
    try {
      return await withWarmServer(server, connections, control, async (warm) => {
        const { running, before } = warm
        const { url, pid } = running
        const { peak, ...reports } = await this.#attack(trial, warm)
        release()
        const after =
          pid === undefined || before === undefined
            ? undefined
            : await returned(pid, before, returnTime)
        const alive = pid === undefined ? true : isAlive(pid)
        return {
          ...reports,
          process: processMeasurements(before, peak, after),
          alive,
          served: alive && (await isServedSoon(url)),
          lastWords: running.said().trim().split('\n').slice(-4).join('\n'),
        }
      })
    } finally {
      release()
    }
  }

  /** The attack itself. It is over at the end, with all its connections. */
  async #attack(trial: Trial, { running, neighbour }: WarmServer) {
    const { url, pid } = running
    const { server, connections, octetsPerSecond } = trial
    const attack = trial.attack.name
    const below = connections > MANY
    const setup = { url, attack, has: server.has, connections, below, octetsPerSecond }
    const attacker = await Helper.start('attacker-process', setup)
    try {
      const watch = new Watch(pid)
      const processors = new Processors([process.pid, pid])
      if (below) {
        const ramped = attacker.ramped().catch(() => {})
        attacker.begin()
        await Promise.race([ramped, watch.end(RAMP_TIME)])
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
      checkAttacked(trial, report)
      return { attacker: report, beside, othersShare, peak: watch.stop() }
    } finally {
      await attacker.stop()
    }
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

  async #measureControl(
    server: AttackedServer,
    connections: number,
    octetsPerSecond: number,
    control: Control,
  ): Promise<NeighbourControl> {
    const release = await this.#turns.take()
    try {
      return await withWarmServer(server, connections, control, async ({ running, neighbour }) => {
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
    } finally {
      release()
    }
  }
}

/** Nothing is known of a server that was hardly attacked. One that lets clients wait is. */
function checkAttacked({ server, connections }: Trial, { opened, refused }: AttackerReport): void {
  if (opened + refused >= connections / 2 || server.mostClients < connections) return
  throw new Error(`only ${opened} of ${connections} connections could be opened in time`)
}

async function isServedSoon(url: string): Promise<boolean> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) if (await isServed(url)) return true
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
