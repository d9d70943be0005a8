import type { LoadVariables } from '../simulator/loaded-server'
import { commonRates, ratesUpTo } from './rate-ladder'

/** The rates at which the servers of an experiment are loaded, in requests per second of all connections together. */
export type RatePlan =
  /** The same for all servers, regardless of their speed. */
  | { readonly kind: 'same'; readonly rates: readonly number[] }
  /** From idle to beyond the saturation of each server. Some rates are common to all servers that reach them. */
  | { readonly kind: 'to-saturation'; readonly saturations: readonly Saturation[] }

/** The most requests per second that a server answers with this many connections and streams. */
export interface Saturation extends Omit<LoadVariables, 'rate'> {
  readonly requestsPerSecond: number
}

/** Lists the distinct rates of a plan in ascending order. */
export function ratesOf(plan: RatePlan): number[] {
  const rates =
    plan.kind === 'same' ? plan.rates : plan.saturations.flatMap((one) => ratesUnder(plan, one))
  return [...new Set(rates)].sort((one, other) => one - other)
}

/** Whether a server is loaded at a rate. */
export function isPlanned(plan: RatePlan, { rate, ...server }: LoadVariables): boolean {
  if (rate === undefined) return false
  return (plan.kind === 'same' ? plan.rates : ratesUnder(plan, server)).includes(rate)
}

/** The rates of a server. If its saturation is unknown, only the lowest, where its trial shows what is wrong. */
function ratesUnder(
  { saturations }: Extract<RatePlan, { kind: 'to-saturation' }>,
  server: Omit<LoadVariables, 'rate'>,
): number[] {
  const alike = saturations.filter((one) => isSamePlace(one, server))
  if (alike.length === 0) return []
  const common = commonRates(alike.map(({ requestsPerSecond }) => requestsPerSecond))
  const own = alike.find(({ implementation }) => implementation === server.implementation)
  return own === undefined ? common.slice(0, 1) : ratesUpTo(own.requestsPerSecond, common)
}

function isSamePlace(
  one: Omit<LoadVariables, 'rate'>,
  other: Omit<LoadVariables, 'rate'>,
): boolean {
  return (
    one.streams === other.streams &&
    one.scenario.clients === other.scenario.clients &&
    one.scenario.tls === other.scenario.tls
  )
}
