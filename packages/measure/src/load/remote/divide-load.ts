import type { LoadPart, LoadPlan } from '../plan'

/**
 * Divides the connections of a plan among workers. The first ones get the remainder.
 *
 * @param workers at most the number of connections
 * @returns a plan for each, with different seeds, because equal seeds would give equal arrivals
 */
export function dividePlan(plan: LoadPlan, workers: number): LoadPlan[] {
  return Array.from({ length: workers }, (_, index) => ({
    ...plan,
    connections:
      Math.floor(plan.connections / workers) + (index < plan.connections % workers ? 1 : 0),
    seed: plan.seed + index,
  }))
}

/**
 * Divides a part of a load in proportion to the connections, so that each connection has the same load and all
 * workers finish at about the same time.
 *
 * @param plans from {@link dividePlan}
 * @returns a part for each
 */
export function dividePart({ loop, until }: LoadPart, plans: readonly LoadPlan[]): LoadPart[] {
  const all = plans.reduce((sum, { connections }) => sum + connections, 0)
  let before = 0
  return plans.map(({ connections }) => {
    const after = before + connections
    const part: LoadPart = {
      loop: loop.kind === 'closed' ? loop : { ...loop, rate: share(loop.rate, connections / all) },
      until:
        until.kind === 'time'
          ? until
          : {
              ...until,
              requests: shareOf(until.requests, after) - shareOf(until.requests, before),
            },
    }
    before = after
    return part
  })

  /** Rounded so that the shares add up to the whole. */
  function shareOf(requests: number, connections: number): number {
    return Math.floor((requests * connections) / all)
  }
}

/**
 * Returns how much later each worker starts, in seconds. Otherwise they would all send at the same moments with
 * constant arrivals. For a ramp this is based on its highest rate, so that all workers go through it together.
 */
export function offsets({ loop }: LoadPart, workers: number): number[] {
  if (loop.kind === 'closed' || loop.arrivals === 'poisson') return Array(workers).fill(0)
  const { from, to } = loop.rate
  return Array.from({ length: workers }, (_, index) => index / Math.max(from, to))
}

function share(
  { from, to }: { from: number; to: number },
  part: number,
): { from: number; to: number } {
  return { from: from * part, to: to * part }
}
