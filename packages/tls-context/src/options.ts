import { type OptionNames, unknownOption } from '@h2lab/octets'
import { TlsOptionError } from './errors'

/** @throws TlsOptionError `INVALID_OPTION` if there is an option that does not exist */
export function checkOptionNames(options: unknown, names: OptionNames): void {
  const unknown = unknownOption(options, names)
  if (unknown !== undefined) throw new TlsOptionError('INVALID_OPTION', unknown)
}

/** The error for an invalid value of an option. */
export function invalidOption(name: string, value: unknown, right: string): TlsOptionError {
  // Never prints the contents of an object, which may be a key.
  const given = typeof value === 'object' && value !== null ? 'this object' : JSON.stringify(value)
  return new TlsOptionError(
    'INVALID_OPTION',
    `The option ${name} can't be ${given}: it must be ${right}.`,
  )
}
