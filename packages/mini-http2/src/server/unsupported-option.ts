import type { ServerSetup } from './dispatch-method'
import { UnsupportedServerSetupError } from './errors'
import { combinationName } from './implementation-name'

/**
 * The error for an option that a dispatch method can't honour.
 *
 * @param setup what was asked for
 * @param option its path, as `tls.ciphers`
 * @param alternative what to give instead
 */
export function unsupportedOption(
  { implementation, tls }: Pick<ServerSetup<string>, 'implementation' | 'tls'>,
  option: string,
  alternative: string,
): UnsupportedServerSetupError {
  return new UnsupportedServerSetupError(
    `The option ${option} of ${combinationName(implementation, tls !== undefined)}`,
    `${implementation} cannot honour it`,
    alternative,
  )
}
