import { MeasureError } from '../errors'

/*
 * Parses option values from the command line. All functions throw a MeasureError `USAGE` that names the option, the
 * value and what is allowed.
 */

/** The value of an option, or its default. */
export function given<Value>(
  flag: unknown,
  otherwise: Value,
  parse: (flag: unknown) => Value,
): Value {
  return flag === undefined ? otherwise : parse(flag)
}

/** The values of an option that may be given several times. */
export function allGiven(flag: unknown): readonly unknown[] {
  if (flag === undefined) return []
  return Array.isArray(flag) ? flag : [flag]
}

/** A number from `least` to `most`. */
export function numberValue(option: string, value: unknown, least: number, most: number): number {
  const number = Number(value)
  if (String(value).trim() === '' || !(number >= least && number <= most)) {
    throw notAllowed(option, value, `a number from ${least} to ${most}`)
  }
  return number
}

/** An integer from `least` to `most`. */
export function integerValue(option: string, value: unknown, least: number, most: number): number {
  const number = Number(value)
  if (String(value).trim() === '' || !Number.isInteger(number) || number < least || number > most) {
    throw notAllowed(option, value, `an integer from ${least} to ${most}`)
  }
  return number
}

/**
 * A percentage, with or without its sign.
 *
 * @returns the fraction: 0.05 for 5 %
 */
export function percentValue(option: string, value: unknown, least: number, most: number): number {
  const number = Number(/^(.*\d)\s*%?$/.exec(String(value).trim())?.[1])
  if (number >= least && number <= most) return number / 100
  throw notAllowed(option, value, `a percentage from ${least}% to ${most}%`)
}

/** Distinct integers from `least` to `most`, separated by commas. */
export function integerListValue(
  option: string,
  value: unknown,
  least: number,
  most: number,
): number[] {
  return unique(
    listOf(value).map((item) => {
      if (!/^\d+$/.test(item) || Number(item) < least || Number(item) > most) {
        throw notAllowed(option, value, `integers from ${least} to ${most}, separated by commas`)
      }
      return Number(item)
    }),
  )
}

/** One of several words. */
export function wordValue<Word extends string>(
  option: string,
  value: unknown,
  words: readonly Word[],
): Word {
  const found = words.find((word) => word === String(value))
  if (found === undefined) throw notAllowed(option, value, `one of ${words.join(', ')}`)
  return found
}

/** Distinct words from a list, separated by commas. */
export function wordListValue(option: string, value: unknown, words: readonly string[]): string[] {
  const items = listOf(value)
  const unknown = items.find((item) => !words.includes(item))
  if (unknown !== undefined) {
    throw notAllowed(option, unknown, `some of ${words.join(', ')}, separated by commas`)
  }
  return unique(items)
}

/** The address of a server, such as `https://127.0.0.1:8443/`. */
export function urlValue(option: string, value: unknown): string {
  const url = URL.canParse(String(value)) ? new URL(String(value)) : undefined
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    throw notAllowed(option, value, 'a URL that begins with https:// or http://')
  }
  return url.href
}

function listOf(value: unknown): string[] {
  return String(value)
    .split(',')
    .map((item) => item.trim())
}

function unique<Item>(items: readonly Item[]): Item[] {
  return [...new Set(items)]
}

function notAllowed(option: string, value: unknown, allowed: string): MeasureError {
  return usageError(`--${option} can't be ${JSON.stringify(String(value))}: it must be ${allowed}.`)
}

/** An error of the command line. The message names the option and what is allowed. */
export function usageError(message: string): MeasureError {
  return new MeasureError('USAGE', message)
}
