/*
 * At which rates servers are loaded, in requests a second of all connections together. The rates that all have in
 * common are round numbers, so that people can read what each server does at 20,000 a second; between them every server
 * has some of its own where its queues begin to grow.
 */

/** Rates around the saturation of a server, as parts of it. */
const NEAR_SATURATION = [0.75, 0.9, 1, 1.1] as const

/** From which part of the slowest server's saturation on there are common rates. */
const LOWEST_PART = 0.1

/** A server's own rate that is this close to a common one would tell the same. */
const ALIKE = 0.06

/** The part of its saturation that leaves a server room whatever disturbs the machine. */
const EASY_PART = 0.6

/** How many rates a server is compared at when none is slow for them. */
const EQUAL_RATES = 4

/**
 * Chooses the rates that servers have in common: 1, 2 and 5 times powers of ten, from a tenth of what saturates the
 * slowest up to what saturates the fastest.
 *
 * @param saturations requests a second of each server; at least one
 */
export function commonRates(saturations: readonly number[]): number[] {
  const fastest = Math.max(...saturations)
  const rates = [roundAtMost(Math.min(...saturations) * LOWEST_PART)]
  while (nextRound(rates.at(-1)!) <= fastest) rates.push(nextRound(rates.at(-1)!))
  return rates
}

/**
 * Chooses the rates of one server: the common ones up to its saturation, and its own from 75 % to 110 % of it.
 *
 * @param saturation requests a second
 */
export function ratesUpTo(saturation: number, common: readonly number[]): number[] {
  const shared = common.filter((rate) => rate <= saturation)
  const own = NEAR_SATURATION.map((part) => twoDigits(saturation * part)).filter(
    (rate) => !shared.some((other) => Math.abs(rate / other - 1) < ALIKE),
  )
  return [...shared, ...own].sort((one, other) => one - other)
}

/**
 * Chooses rates that leave all servers room: round numbers of which the highest is little more than half of what
 * saturates the slowest.
 *
 * @param saturations requests a second of each server; at least one
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

/** As 47,000 for 46,731: no rate is known better. */
function twoDigits(rate: number): number {
  return Math.max(1, Math.round(Number(rate.toPrecision(2))))
}
