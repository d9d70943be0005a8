import { MeasureError } from '../errors'

/*
 * The values of options, as text from the command line. All throw a MeasureError `USAGE`
 * that names the option, the value and what is allowed.
 */

/** What an option says, or what holds without it. */
export function given<Value>(
  flag: unknown,
  otherwise: Value,
  parse: (flag: unknown) => Value,
): Value {
  return flag === undefined ? otherwise : parse(flag)
}

/** What an option says that may be given several times. */
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
 * @returns it as a part: 0.05 for 5 %
 */
export function percentValue(option: string, value: unknown, least: number, most: number): number {
  const number = Number(/^(.*\d)\s*%?$/.exec(String(value).trim())?.[1])
  if (number >= least && number <= most) return number / 100
  throw notAllowed(option, value, `a percentage from ${least}% to ${most}%`)
}

/** Integers from `least` to `most`, separated by commas; each once. */
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

/** One of some words. */
export function wordValue<Word extends string>(
  option: string,
  value: unknown,
  words: readonly Word[],
): Word {
  const found = words.find((word) => word === String(value))
  if (found === undefined) throw notAllowed(option, value, `one of ${words.join(', ')}`)
  return found
}

/** Some words out of a list, separated by commas; each once. */
export function wordListValue(option: string, value: unknown, words: readonly string[]): string[] {
  const items = listOf(value)
  const unknown = items.find((item) => !words.includes(item))
  if (unknown !== undefined) {
    throw notAllowed(option, unknown, `some of ${words.join(', ')}, separated by commas`)
  }
  return unique(items)
}

/** The address of a server, as `https://127.0.0.1:8443/`. */
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

/** Options can't be as they are: the message says which, and what is allowed. */
export function usageError(message: string): MeasureError {
  return new MeasureError('USAGE', message)
}
