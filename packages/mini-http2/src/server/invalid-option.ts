import { type OptionNames, unknownOption } from '@h2lab/octets'
import { ServerSetupError } from './errors'

/**
 * Rejects options that do not exist, for `createServer` and for the additional options of server
 * packages.
 *
 * @param path the option that contains them, such as `tls`
 * @throws ServerSetupError `INVALID_OPTION` with the name of the option and the nearest one that
 *   exists
 */
export function checkOptionNames(options: unknown, names: OptionNames, path?: string): void {
  const unknown = unknownOption(options, names, path)
  if (unknown !== undefined) throw new ServerSetupError('INVALID_OPTION', unknown)
}

/** The error for an invalid value of an option. Says what is wrong with it and what is allowed. */
export function invalidOption(name: string, value: unknown, right: string): ServerSetupError {
  return new ServerSetupError(
    'INVALID_OPTION',
    `The option ${name} can't be ${describe(value)}: it must be ${right}.`,
  )
}

/** Never prints the contents of an object, which may be a key. */
function describe(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'function') return 'a function'
  return typeof value === 'object' && value !== null ? 'this object' : String(value)
}
