/*
 * Chooses the rates at which servers are loaded, in requests per second of all connections together. The common rates
 * of all servers are round numbers, so that servers can be compared at, for example, 20,000 per second. In between,
 * every server has additional rates around the point where its queues start to grow.
 */

/** Rates around the saturation of a server, as fractions of it. */
const NEAR_SATURATION = [0.75, 0.9, 1, 1.1] as const

/** Common rates start at this fraction of the slowest server's saturation. */
const LOWEST_PART = 0.1

/** An own rate this close to a common one would show the same. */
const ALIKE = 0.06

/** The fraction of its saturation that leaves a server room for disturbances of the machine. */
const EASY_PART = 0.6

/** The number of rates when no server is too slow for them. */
const EQUAL_RATES = 4

/**
 * Chooses the common rates: 1, 2 and 5 times powers of ten, from a tenth of the slowest server's saturation up to
 * that of the fastest.
 *
 * @param saturations requests per second of each server; at least one
 */
export function commonRates(saturations: readonly number[]): number[] {
  const fastest = Math.max(...saturations)
  const rates = [roundAtMost(Math.min(...saturations) * LOWEST_PART)]
  while (nextRound(rates.at(-1)!) <= fastest) rates.push(nextRound(rates.at(-1)!))
  return rates
}

/**
 * Chooses the rates of a server: the common ones up to its saturation, and its own from 75 % to 110 % of it.
 *
 * @param saturation requests per second
 */
export function ratesUpTo(saturation: number, common: readonly number[]): number[] {
  const shared = common.filter((rate) => rate <= saturation)
  const own = NEAR_SATURATION.map((part) => twoDigits(saturation * part)).filter(
    (rate) => !shared.some((other) => Math.abs(rate / other - 1) < ALIKE),
  )
  return [...shared, ...own].sort((one, other) => one - other)
}

/**
 * Chooses rates that leave all servers room: round numbers up to little more than half of the slowest server's
 * saturation.
 *
 * @param saturations requests per second of each server; at least one
 */
export function easyRates(saturations: readonly number[]): number[] {
  const highest = Math.min(...saturations) * EASY_PART
  const rates = [roundAtMost(highest)]
  while (rates.length < EQUAL_RATES && rates[0]! > 1) rates.unshift(roundAtMost(rates[0]! * 0.99))
  return rates
}

const ROUND = [5, 2, 1] as const

/** The largest of 1, 2 and 5 times powers of ten that is not above a value; at least 1. */
function roundAtMost(value: number): number {
  if (value <= 1) return 1
  const power = 10 ** Math.floor(Math.log10(value))
  return power * ROUND.find((round) => round * power <= value)!
}

function nextRound(rate: number): number {
  return roundAtMost(rate * 2.5)
}

/** Such as 47,000 for 46,731. No rate is known more precisely. */
function twoDigits(rate: number): number {
  return Math.max(1, Math.round(Number(rate.toPrecision(2))))
}
