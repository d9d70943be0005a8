import type { LoadPart, LoadPlan } from '../plan'

/**
 * Divides the connections of a plan among workers; what remains falls on the first ones.
 *
 * @param workers not more than there are connections
 * @returns a plan for each. Their seeds differ: equal ones would make equal arrivals
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
 * Divides a part of a load in the same proportion as its connections, so that each of these carries the same, and all
 * workers are through at about the same time.
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

  /** Rounded, the shares still sum up to the whole. */
  function shareOf(requests: number, connections: number): number {
    return Math.floor((requests * connections) / all)
  }
}

/**
 * Tells how much later each worker begins, in seconds: with constant arrivals they would all send at the same moments
 * otherwise. Of a ramp that is by its highest rate, so that all workers go through it together.
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
