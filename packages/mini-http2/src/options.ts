import { type OptionNames, unknownOption } from '@h2lab/octets'
import { MisuseError } from './errors'

/** @throws MisuseError `INVALID_OPTION` if there is an option that does not exist */
export function checkOptionNames(options: unknown, names: OptionNames, path?: string): void {
  const unknown = unknownOption(options, names, path)
  if (unknown !== undefined) throw new MisuseError('INVALID_OPTION', unknown)
}
