import type { Attack, Need } from '../attacks/attack'
import type { AttackedServer } from '../servers/server'
import type { Outcome, Result } from './outcome'
import { brokenPromises, dependsOnMachine } from './promises'
import { type TrialSettings, Trials } from './trial'

export interface TrialPlan extends TrialSettings {
  readonly attacks: readonly Attack[]
  readonly servers: readonly AttackedServer[]
  readonly connections: readonly number[]
  readonly budget: number
}

/** What one trial takes beside the attack itself, with a share of its control and of a second try, in seconds. */
const OVERHEAD = 10

/** How many servers are under way: one is attacked, and memory returns to the others, or does not. */
const AT_ONCE = 4

/** About how long the plan takes, in seconds. */
export function durationOf(plan: TrialPlan): number {
  return cellsOf(plan).filter(({ skip }) => skip === undefined).length * (OVERHEAD + plan.seconds)
}

/** Tries each attack on each server, and tells of each as soon as it is known. */
export async function runPlan(
  plan: TrialPlan,
  onOutcome: (outcome: Outcome, done: number, all: number) => void,
): Promise<Outcome[]> {
  const trials = new Trials(plan)
  const cells = cellsOf(plan)
  const unavailable = new Map<AttackedServer, string | undefined>()
  for (const server of plan.servers) unavailable.set(server, await server.unavailable())
  const outcomes: Outcome[] = []
  let done = 0
  let next = 0
  const tryNext = async () => {
    for (let index = next++; index < cells.length; index = next++) {
      const { attack, server, connections, skip } = cells[index]!
      const reason = unavailable.get(server) ?? skip
      const result: Result =
        reason === undefined
          ? await tried(trials, plan, attack, server, connections)
          : { kind: 'not-tried', reason }
      const outcome = { attack: attack.name, connections, server: server.name, result }
      outcomes[index] = outcome
      onOutcome(outcome, ++done, cells.length)
    }
  }
  // One that runs already is itself what the attacks leave behind.
  const atOnce = plan.servers.some(({ kind }) => kind === 'given') ? 1 : AT_ONCE
  await Promise.all(Array.from({ length: atOnce }, tryNext))
  return outcomes
}

interface TableCell {
  readonly attack: Attack
  readonly server: AttackedServer
  readonly connections: number
  /** Why it is not tried. */
  readonly skip: string | undefined
}

function cellsOf({ attacks, servers, connections }: TrialPlan): TableCell[] {
  return attacks.flatMap((attack) =>
    connections.flatMap((count) =>
      servers.map((server) => ({
        attack,
        server,
        connections: count,
        skip: skipReason(attack, server, count),
      })),
    ),
  )
}

const MISSING: Readonly<Record<Need, string>> = {
  tls: 'it is attacked without TLS',
  application: "it does not have the suite's application",
  'waiting-handlers': 'its handlers answer before they return, or it has none',
}

function skipReason(
  { needs = [], mostConnections }: Attack,
  { has, mostClients }: AttackedServer,
  connections: number,
): string | undefined {
  const missing = needs.find((need) => !has.includes(need))
  if (missing !== undefined) return MISSING[missing]
  if (mostConnections !== undefined && connections > mostConnections.count) {
    return mostConnections.reason
  }
  if (mostClients === 1 && connections > 1) return 'it serves one client at a time'
  return undefined
}

/**
 * A neighbour that was disturbed could have been so by the machine: it has to happen twice. What is left behind is
 * looked at the first time.
 */
async function tried(
  trials: Trials,
  { budget }: TrialPlan,
  attack: Attack,
  server: AttackedServer,
  connections: number,
): Promise<Result> {
  try {
    const measurements = await trials.run(server, attack, connections)
    const broken = brokenPromises(measurements, connections, budget)
    if (!broken.some(dependsOnMachine) || !measurements.served) {
      return { kind: 'measured', broken, measurements }
    }
    const again = await trials.run(server, attack, connections, 'ignored')
    const confirmed = brokenPromises(again, connections, budget).map(({ promise }) => promise)
    return {
      kind: 'measured',
      broken: broken.filter((one) => !dependsOnMachine(one) || confirmed.includes(one.promise)),
      measurements,
    }
  } catch (error) {
    return { kind: 'failed', reason: (error as Error).message }
  }
}
