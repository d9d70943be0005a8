import { type OptionNames, unknownOption } from '@h2lab/octets'
import { MeasureError } from './errors'

/** @throws MeasureError `USAGE` if there is an option that does not exist */
export function checkOptionNames(options: unknown, names: OptionNames): void {
  const unknown = unknownOption(options, names)
  if (unknown !== undefined) throw new MeasureError('USAGE', unknown)
}
