import { type OptionNames, unknownOption } from '@h2lab/octets'
import { ServerSetupError } from './errors'

/**
 * Refuses options that do not exist: for `createServer`, and for what server packages take besides.
 *
 * @param path the option whose options these are, such as `tls`
 * @throws ServerSetupError `INVALID_OPTION` that names the option, and the nearest one that exists
 */
export function checkOptionNames(options: unknown, names: OptionNames, path?: string): void {
  const unknown = unknownOption(options, names, path)
  if (unknown !== undefined) throw new ServerSetupError('INVALID_OPTION', unknown)
}

/** The error for an option's value: says what is wrong with it, and what would be right. */
export function invalidOption(name: string, value: unknown, right: string): ServerSetupError {
  return new ServerSetupError(
    'INVALID_OPTION',
    `The option ${name} can't be ${describe(value)}: it must be ${right}.`,
  )
}

/** Never the contents of an object: it may be a key. */
function describe(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'function') return 'a function'
  return typeof value === 'object' && value !== null ? 'this object' : String(value)
}
