import type { LoadVariables } from '../simulator/loaded-server'
import { commonRates, ratesUpTo } from './rate-ladder'

/** At which rates the servers of an experiment are loaded, in requests a second of all connections together. */
export type RatePlan =
  /** The same for all, whatever they can do. */
  | { readonly kind: 'same'; readonly rates: readonly number[] }
  /** Each from idle to beyond its own saturation; some rates are common to all that get so far. */
  | { readonly kind: 'to-saturation'; readonly saturations: readonly Saturation[] }

/** How many requests a second a server answers at most, under so many connections and streams. */
export interface Saturation extends Omit<LoadVariables, 'rate'> {
  readonly requestsPerSecond: number
}

/** Lists all rates of a plan, each once, ascending. */
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

/** The rates of one server. One whose saturation is not known has the lowest: its trial tells what is wrong. */
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
